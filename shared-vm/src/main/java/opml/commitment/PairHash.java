package opml.commitment;

/**
 * Hashes many pairs of nodes at once. Implementations give the bits of {@link Keccak#pair}, are
 * safe for use by any number of threads and are found by {@link java.util.ServiceLoader}; where
 * there is none, pairs are hashed one after another.
 */
public interface PairHash {
  /**
   * Hashes n neighbouring pairs of 32-byte nodes.
   *
   * @param in 64 n bytes from {@code inOff}
   * @param out 32 n bytes from {@code outOff}; may be {@code in} when {@code outOff <= inOff}
   */
  void pairs(byte[] in, int inOff, int n, byte[] out, int outOff);
}
