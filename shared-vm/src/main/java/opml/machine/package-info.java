/**
 * The virtual machine: regions, paged memory, interpreter, states and witnesses (protocol 1 to 5).
 */
package opml.machine;
