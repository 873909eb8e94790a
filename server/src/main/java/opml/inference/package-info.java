/**
 * The guest at full speed: memory outside the heap, SIMD twins of the kernels with the same bits
 * and the same write sets, and the engine that runs one request operator by operator.
 */
package opml.inference;
