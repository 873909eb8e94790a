/**
 * Generated models: random weights in the real layout, for tests and benchmarks of every module.
 */
package opml.guest.synth;
