/** Node hashes several at a time: the same bits as opml.commitment. */
package opml.inference.keccak;
