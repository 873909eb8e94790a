package opml.browser;

import opml.commitment.Keccak;
import opml.commitment.Merkle;

/**
 * Root of a region whose bytes arrive in parts: keeps one finished subtree per height. Parts are
 * 2^PART_HEIGHT leaves, the last one padded with zeros; what never arrives is the zero subtree.
 */
final class RootBuilder {
  /** Leaves of a part, log2: 64 KiB. */
  static final int PART_HEIGHT = 11;

  private final int height;
  private final byte[][] pending;
  private long parts;

  RootBuilder(int height) {
    if (height < 0 || height > 35) {
      throw new IllegalArgumentException("region size must be 0 to 35, is " + height);
    }
    this.height = height;
    this.pending = new byte[Math.max(height, PART_HEIGHT) + 1][];
  }

  void add(byte[] part) {
    int h = Math.min(PART_HEIGHT, height);
    if (part.length > 32 << h || parts >> Math.max(0, height - PART_HEIGHT) != 0) {
      throw new IllegalArgumentException("more bytes than the region of size " + height + " holds");
    }
    byte[] node = Merkle.root(part, h);
    parts++;
    for (; pending[h] != null; h++) {
      byte[] parent = new byte[Merkle.LEAF];
      Keccak.pair(pending[h], 0, node, 0, parent, 0);
      pending[h] = null;
      node = parent;
    }
    pending[h] = node;
  }

  byte[] finish() {
    byte[] right = null;
    for (int h = Math.min(PART_HEIGHT, height); h < height; h++) {
      byte[] left = pending[h];
      byte[] last = right == null ? Merkle.zero(h) : right;
      if (left != null || right != null) {
        byte[] parent = new byte[Merkle.LEAF];
        Keccak.pair(
            left == null ? last : left, 0, left == null ? Merkle.zero(h) : last, 0, parent, 0);
        right = parent;
      }
    }
    if (pending[height] != null) {
      return pending[height];
    }
    return right == null ? Merkle.zero(height) : right;
  }
}
