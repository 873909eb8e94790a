/** What a user sends and receives, as the bytes that claims name (docs/protocol.md section 6). */
package opml.request;
