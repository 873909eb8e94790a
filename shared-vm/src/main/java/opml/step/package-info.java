/** The stateless, integer-only verification of one step (docs/protocol.md, sections 4 and 5). */
package opml.step;
