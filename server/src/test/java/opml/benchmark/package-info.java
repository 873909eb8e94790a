/** JMH benchmarks of the emitted kernels; how to run them is in docs/performance.md. */
package opml.benchmark;
