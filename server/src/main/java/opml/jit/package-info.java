/**
 * Guest code as JVM bytecode, made at run time: replays for audits and disputes at the speed of
 * compiled code. The interpreter of {@code opml.machine} is the reference.
 */
package opml.jit;
