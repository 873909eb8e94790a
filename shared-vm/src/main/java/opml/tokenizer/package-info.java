/**
 * Builds the tokenizer section of WEIGHTS from a model file's vocabulary, and runs the guest's
 * tokenizer outside an answer. Plain Java; the section's layout is {@link
 * opml.guest.TokenizerTable}.
 */
package opml.tokenizer;
