package opml.machine;

import opml.commitment.Keccak;
import opml.commitment.Merkle;

/** The part of a Merkle tree that lies inside one page. */
final class PageTree {
  private static final int LEAVES = Pages.PAGE / Merkle.LEAF;

  private PageTree() {}

  /** The 4096 bytes of a page. */
  static byte[] bytes(int[] words) {
    byte[] out = new byte[Pages.PAGE];
    for (int i = 0; i < Pages.WORDS; i++) {
      int w = words[i];
      out[4 * i] = (byte) w;
      out[4 * i + 1] = (byte) (w >> 8);
      out[4 * i + 2] = (byte) (w >> 16);
      out[4 * i + 3] = (byte) (w >> 24);
    }
    return out;
  }

  /** Node of height 0 to 7 at an index within the page, into {@code out[off, off + 32)}. */
  static void node(byte[] page, int height, int index, byte[] out, int off) {
    int n = 1 << height;
    byte[] level = new byte[Merkle.LEAF * n];
    System.arraycopy(page, level.length * index, level, 0, level.length);
    for (; n > 1; n >>= 1) {
      Keccak.pairs(level, 0, n / 2, level, 0);
    }
    System.arraycopy(level, 0, out, off, Merkle.LEAF);
  }

  /** Whether a page holds nothing but zeros. */
  static boolean zero(int[] words) {
    for (int i = 0; i < Pages.WORDS; i++) {
      if (words[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Leaves of a page, 128. */
  static int leaves() {
    return LEAVES;
  }
}
