package opml.commitment;

/** Where the nodes of one Merkle tree come from; height 0 is the 32-byte leaves. */
public interface Nodes {
  /**
   * Writes the 32-byte node at {@code index} of level {@code height} to {@code out[off, off+32)}.
   */
  void node(int height, long index, byte[] out, int off);
}
