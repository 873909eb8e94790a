/**
 * Models on this machine: GGUF files read and imported without changing a value, the model
 * directory, roots, licences and checksums.
 */
package opml.catalog;
