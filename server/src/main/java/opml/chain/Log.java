package opml.chain;

import java.util.List;

/**
 * One log of a transaction.
 *
 * @param topics 32 bytes each
 */
public record Log(
    String address, List<byte[]> topics, byte[] data, long block, String transaction, int index) {}
