package opml.receipt;

import java.util.ArrayList;
import java.util.List;
import opml.commitment.Keccak;

/** The Merkle tree over a batch: keccak of pairs, padded with zero leaves to a power of two. */
final class Batch {
  private final List<byte[][]> levels = new ArrayList<>();

  Batch(List<byte[]> leaves) {
    int width = Math.max(1, Integer.highestOneBit(2 * leaves.size() - 1));
    byte[][] level = new byte[width][32];
    for (int i = 0; i < leaves.size(); i++) {
      level[i] = leaves.get(i);
    }
    levels.add(level);
    while (level.length > 1) {
      byte[][] above = new byte[level.length / 2][32];
      for (int i = 0; i < above.length; i++) {
        Keccak.pair(level[2 * i], 0, level[2 * i + 1], 0, above[i], 0);
      }
      levels.add(above);
      level = above;
    }
  }

  byte[] root() {
    return levels.getLast()[0];
  }

  /** Siblings of leaf {@code index}, from the leaf upwards, 32 bytes each. */
  byte[] branch(int index) {
    int height = levels.size() - 1;
    byte[] out = new byte[32 * height];
    for (int i = 0; i < height; i++) {
      System.arraycopy(levels.get(i)[index >> i ^ 1], 0, out, 32 * i, 32);
    }
    return out;
  }
}
