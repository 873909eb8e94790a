/**
 * The models this process holds open, by name: what may be asked of them, their roots and bytes.
 */
package opml.model;
