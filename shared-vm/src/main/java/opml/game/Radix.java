package opml.game;

import java.util.Arrays;
import java.util.List;
import opml.commitment.Keccak;

/**
 * Arithmetic of one round of k-section, k = 2^log2: cut points are computed, never chosen.
 *
 * <p>A segment of 2^width steps is cut into k equal parts by k - 1 revealed states. The reveal tree
 * has k leaves: leaf 0 is lo, leaf i the i-th revealed state. Protocol section 9.
 */
public record Radix(int log2) {
  /** The protocol's constant RADIX_LOG2. */
  public static final int RADIX_LOG2 = 6;

  public static final Radix STANDARD = new Radix(RADIX_LOG2);

  /** Parts of a round, 64 in the protocol. */
  public int parts() {
    return 1 << log2;
  }

  /** States of a reveal, 63 in the protocol. */
  public int reveals() {
    return parts() - 1;
  }

  /** Steps between neighbouring cut points of a segment of 2^width steps. */
  public long stride(int width) {
    if (width < log2) {
      throw new IllegalArgumentException("width " + width + ": a reveal needs at least " + log2);
    }
    return 1L << (width - log2);
  }

  /** Root of the reveal tree over lo and the revealed states (each 32 bytes). */
  public byte[] root(byte[] lo, List<byte[]> states) {
    byte[] level = leaves(lo, states);
    for (int n = parts(); n > 1; n >>= 1) {
      halve(level, n);
    }
    return Arrays.copyOf(level, 32);
  }

  /** Siblings of a leaf from the leaf upwards: log2 of them, 32 bytes each, concatenated. */
  public byte[] branch(byte[] lo, List<byte[]> states, int leaf) {
    byte[] level = leaves(lo, states);
    byte[] branch = new byte[32 * log2];
    for (int depth = 0; depth < log2; depth++) {
      System.arraycopy(level, 32 * (leaf >> depth ^ 1), branch, 32 * depth, 32);
      halve(level, parts() >> depth);
    }
    return branch;
  }

  /** The root that a leaf and its branch lead to. */
  public byte[] climb(byte[] state, int leaf, byte[] branch) {
    if (branch.length != 32 * log2) {
      throw new IllegalMove("branch of " + branch.length + " bytes, wanted " + 32 * log2);
    }
    byte[] node = state.clone();
    for (int depth = 0; depth < log2; depth++) {
      boolean right = (leaf >> depth & 1) != 0;
      byte[] left = right ? branch : node;
      byte[] other = right ? node : branch;
      byte[] parent = new byte[32];
      Keccak.pair(left, right ? 32 * depth : 0, other, right ? 0 : 32 * depth, parent, 0);
      node = parent;
    }
    return node;
  }

  private byte[] leaves(byte[] lo, List<byte[]> states) {
    if (states.size() != reveals()) {
      throw new IllegalMove("reveal of " + states.size() + " states, wanted " + reveals());
    }
    byte[] level = new byte[32 * parts()];
    System.arraycopy(lo, 0, level, 0, 32);
    for (int i = 0; i < states.size(); i++) {
      System.arraycopy(states.get(i), 0, level, 32 * (i + 1), 32);
    }
    return level;
  }

  private static void halve(byte[] level, int nodes) {
    for (int i = 0; i < nodes / 2; i++) {
      Keccak.pair(level, 64 * i, level, 64 * i + 32, level, 32 * i);
    }
  }
}
