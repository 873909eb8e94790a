/** Words of CODE as people read them. docs/protocol.md, section 4. */
package opml.assembly;
