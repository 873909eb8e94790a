/**
 * A second guest program: a multilayer perceptron over the bytes of an image, built from the
 * kernels of {@link opml.guest}.
 */
package opml.perceptron;
