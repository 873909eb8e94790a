/**
 * The model program: one source, run natively, in the browser and, translated to RV64, in the VM.
 */
package opml.guest;
