package opml.chain;

/**
 * A signed transaction, ready to be sent any number of times.
 *
 * @param key what it does, by content: the same key is never done twice
 * @param account sender
 * @param hash transaction hash, 0x hex
 */
public record Signed(
    String key, String account, long nonce, String hash, byte[] raw, long gas, Fee fee) {}
