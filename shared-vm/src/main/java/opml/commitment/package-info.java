/** Keccak-256 and the binary Merkle tree over 32-byte leaves (docs/protocol.md, section 1). */
package opml.commitment;
