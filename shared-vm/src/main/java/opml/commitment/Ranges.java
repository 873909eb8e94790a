package opml.commitment;

/**
 * Proofs for a run of neighbouring leaves: on each level at most one sibling on the left and one on
 * the right, in this order, from the leaves upwards.
 */
public final class Ranges {
  private static final int NODE = Merkle.LEAF;

  private Ranges() {}

  /** Bytes of the proof for leaves [first, first + count) of a tree of 2^height leaves. */
  public static int length(long first, long count, int height) {
    check(first, count, height);
    long lo = first;
    long hi = first + count - 1;
    int n = 0;
    for (int h = 0; h < height; h++, lo >>= 1, hi >>= 1) {
      n += (int) (lo & 1) + (int) (~hi & 1);
    }
    return NODE * n;
  }

  /** The proof for leaves [first, first + count). */
  public static byte[] prove(Nodes tree, long first, long count, int height) {
    byte[] out = new byte[length(first, count, height)];
    long lo = first;
    long hi = first + count - 1;
    int at = 0;
    for (int h = 0; h < height; h++, lo >>= 1, hi >>= 1) {
      if ((lo & 1) == 1) {
        tree.node(h, lo - 1, out, at);
        at += NODE;
      }
      if ((hi & 1) == 0) {
        tree.node(h, hi + 1, out, at);
        at += NODE;
      }
    }
    return out;
  }

  /**
   * Root implied by the leaves (32 bytes each) and their proof.
   *
   * @throws IllegalArgumentException when the proof's length does not match the range
   */
  public static byte[] root(byte[] leaves, long first, int height, byte[] proof) {
    int n = leaves.length / NODE;
    if (leaves.length % NODE != 0 || proof.length != length(first, n, height)) {
      throw new IllegalArgumentException("range proof of " + proof.length + " bytes does not fit");
    }
    byte[] level = leaves;
    long lo = first;
    int at = 0;
    for (int h = 0; h < height; h++, lo >>= 1) {
      int left = (int) (lo & 1);
      int right = n + left & 1;
      byte[] wide = new byte[NODE * (n + left + right)];
      System.arraycopy(proof, at, wide, 0, NODE * left);
      System.arraycopy(level, 0, wide, NODE * left, NODE * n);
      System.arraycopy(proof, at + NODE * left, wide, NODE * (n + left), NODE * right);
      at += NODE * (left + right);
      n = Merkle.fold(wide, n + left + right, h);
      level = wide;
    }
    byte[] out = new byte[NODE];
    System.arraycopy(level, 0, out, 0, NODE);
    return out;
  }

  private static void check(long first, long count, int height) {
    if (count < 1 || first < 0 || height > 48 || first + count > 1L << height) {
      throw new IllegalArgumentException(
          "leaves [" + first + ", +" + count + ") are outside a tree of 2^" + height);
    }
  }
}
