package opml.chain;

/**
 * Header of one block.
 *
 * @param hash 0x hex, of this block
 * @param parent 0x hex, of the block before
 * @param time seconds since the epoch
 */
public record Block(long number, String hash, String parent, long time) {}
