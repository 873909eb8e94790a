package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import opml.guest.Header;
import opml.guest.Quantized;

/** A private copy of a quantized vector for the K formats: with sums over halves of its blocks. */
final class SuperActivation {
  final Activation x;

  /** Stored sum of each block. */
  final int[] sums;

  /** Sums of each half times the header's ONES; first and second of a block side by side. */
  final int[] halves;

  /** 128 times the sums of each half. */
  final int[] bias;

  private final short[] q;
  private final short[] seen;
  private final byte[] ones = new byte[32];
  private final byte[] seenOnes = new byte[32];
  private int[] firstTable;
  private boolean firstMade;

  /** Room for a vector of {@code blocks} blocks, a multiple of 8. */
  SuperActivation(int blocks) {
    x = new Activation(blocks);
    sums = new int[blocks];
    halves = new int[2 * blocks];
    bias = new int[2 * blocks];
    q = new short[32 * blocks];
    seen = new short[32 * blocks];
  }

  /** Takes the vector at {@code at}; cheap when it is the one taken last. */
  void take(MemorySegment state, long at, MemorySegment weights) {
    x.take(state, at);
    MemorySegment.copy(state, JAVA_INT, Quantized.sums(at, x.blocks), sums, 0, sums.length);
    MemorySegment.copy(state, JAVA_SHORT, at, q, 0, q.length);
    MemorySegment.copy(weights, JAVA_BYTE, Header.ONES - Header.BASE, ones, 0, ones.length);
    if (firstMade && Arrays.equals(q, seen) && Arrays.equals(ones, seenOnes)) {
      return;
    }
    System.arraycopy(q, 0, seen, 0, q.length);
    System.arraycopy(ones, 0, seenOnes, 0, ones.length);
    for (int half = 0; half < halves.length; half++) {
      int sum = 0;
      int plain = 0;
      for (int i = 0; i < 16; i++) {
        int value = q[16 * half + i];
        sum += value * ones[16 * (half & 1) + i];
        plain += value;
      }
      halves[half] = sum;
      bias[half] = plain << 7;
    }
    makeFirst();
  }

  /** Multipliers like {@link Activation#nibbleTable}, 0 for the second half of each block. */
  int[] firstTable() {
    return firstTable;
  }

  private void makeFirst() {
    if (firstTable == null) {
      firstTable = new int[x.nibbleEnd + Sums.LANES];
    }
    for (int lane = 0; lane < (x.nibbleEnd - Sums.PAD) / 8; lane++) {
      int block = lane / 4;
      int o = Sums.PAD + lane / Sums.LANES * 8 * Sums.LANES + lane % Sums.LANES;
      int before = 0;
      for (int k = 0; k < 8; k++) {
        boolean counts = (k & 1) == 0 && (block < x.blocks || x.nibbleRows > 1);
        int now = counts ? q[32 * (block % x.blocks) + 4 * (lane % 4) + (k >> 1)] : 0;
        firstTable[o + k * Sums.LANES] = now - (before << 4);
        before = now;
      }
    }
    firstMade = true;
  }
}
