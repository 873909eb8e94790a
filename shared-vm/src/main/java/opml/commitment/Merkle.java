package opml.commitment;

/**
 * The binary tree of docs/protocol.md, section 1: node = keccak(left | right), a leaf is its 32 raw
 * bytes, absent leaves are zero. Heights are 0 to 48.
 */
public final class Merkle {
  /** Bytes of a leaf and of a node. */
  public static final int LEAF = 32;

  /** Bytes hashed side by side, so that the upper levels of subtrees fill the lanes as well. */
  public static final int TOGETHER = 1 << 16;

  private static final int TOP = 48;
  private static final byte[] ZEROS = zeros();

  private Merkle() {}

  private static byte[] zeros() {
    byte[] z = new byte[LEAF * (TOP + 1)];
    for (int h = 1; h <= TOP; h++) {
      Keccak.pair(z, LEAF * (h - 1), z, LEAF * (h - 1), z, LEAF * h);
    }
    return z;
  }

  /** Root of the all-zero tree of this height. */
  public static byte[] zero(int height) {
    byte[] out = new byte[LEAF];
    zero(height, out, 0);
    return out;
  }

  /** The same into {@code out[off, off + 32)}. */
  public static void zero(int height, byte[] out, int off) {
    System.arraycopy(ZEROS, LEAF * height, out, off, LEAF);
  }

  /** Root of the tree of 2^height leaves that begins with {@code data} and is zero beyond it. */
  public static byte[] root(byte[] data, int height) {
    int leaves = (data.length + LEAF - 1) / LEAF;
    if (height < 31 && leaves > 1 << height) {
      throw new IllegalArgumentException(
          data.length + " bytes do not fit 2^" + height + " leaves: give a larger height");
    }
    byte[] level = new byte[LEAF * Math.max(leaves, 1)];
    System.arraycopy(data, 0, level, 0, data.length);
    int n = Math.max(leaves, 1);
    for (int h = 0; h < height; h++) {
      n = fold(level, n, h);
    }
    byte[] out = new byte[LEAF];
    System.arraycopy(level, 0, out, 0, LEAF);
    return out;
  }

  /** Replaces n neighbouring whole subtrees of a height, at least 1, by their roots, in place. */
  public static void roots(byte[] leaves, int n, int height) {
    for (int pairs = n << height - 1; pairs >= n; pairs /= 2) {
      Keccak.pairs(leaves, 0, pairs, leaves, 0);
    }
  }

  /** Replaces n nodes of level h by their (n + 1) / 2 parents, in place; returns that number. */
  static int fold(byte[] level, int n, int h) {
    int whole = n / 2;
    Keccak.pairs(level, 0, whole, level, 0);
    if (2 * whole < n) {
      Keccak.pair(level, 2 * LEAF * whole, ZEROS, LEAF * h, level, LEAF * whole);
    }
    return n - whole;
  }

  /** Root implied by a node and its {@code height} siblings, {@code branch[off ...]} upwards. */
  public static byte[] climb(byte[] node, long index, byte[] branch, int off, int height) {
    byte[] out = new byte[LEAF];
    System.arraycopy(node, 0, out, 0, LEAF);
    for (int h = 0; h < height; h++) {
      int sibling = off + LEAF * h;
      if ((index >>> h & 1) == 0) {
        Keccak.pair(out, 0, branch, sibling, out, 0);
      } else {
        Keccak.pair(branch, sibling, out, 0, out, 0);
      }
    }
    return out;
  }

  /** The siblings of the leaf at {@code index}, from the leaf upwards, {@code height} of them. */
  public static byte[] branch(Nodes tree, long index, int height) {
    byte[] out = new byte[LEAF * height];
    for (int h = 0; h < height; h++) {
      tree.node(h, index >>> h ^ 1, out, LEAF * h);
    }
    return out;
  }
}
