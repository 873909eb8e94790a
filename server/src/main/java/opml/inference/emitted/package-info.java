/**
 * Machine code written at run time for the kernel that decides the speed, because the Vector API
 * has no byte dot product. It computes the same bits as the plain form and is used only where the
 * processor and the system allow it.
 */
package opml.inference.emitted;
