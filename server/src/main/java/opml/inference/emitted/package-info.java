/**
 * Machine code written at run time for the kernels that decide the speed, because the Vector API
 * has no dot products of integers and boxes vectors in long methods. It computes the same bits as
 * the plain form and is used only where the processor and the system allow it.
 */
package opml.inference.emitted;
