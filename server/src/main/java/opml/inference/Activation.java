package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import opml.guest.Quantized;

/**
 * A private copy of one quantized vector in the order in which {@link Sums} multiplies, made once
 * and shared by all matrices that read the vector.
 */
final class Activation {
  /** Rows this long are taken one by one; shorter ones in groups that fill whole vectors. */
  private static final int LONG = 64;

  final int blocks;
  final float[] scale;
  final float[] scaledSum;

  /** 0, 8 * sum(q), 128 * sum(q): what the block sums of each format are too large by. */
  final int[] none;

  final int[] eightSums;
  final int[] byteBias;

  /** Rows in one call of the kernels, for 8-bit and 4-bit weights. */
  final int byteRows;

  final int nibbleRows;
  final int byteEnd;
  final int nibbleEnd;
  private final byte[] seen;
  private final short[] q;
  private int[] byteTable;
  private int[] nibbleTable;
  private boolean bytesMade;
  private boolean nibblesMade;

  /** Room for a vector of {@code blocks} blocks. */
  Activation(int blocks) {
    this.blocks = blocks;
    int padded = Quantized.padded(blocks);
    scale = new float[padded];
    scaledSum = new float[padded];
    none = new int[padded];
    eightSums = new int[padded];
    byteBias = new int[padded];
    seen = new byte[Quantized.bytes(blocks)];
    q = new short[32 * blocks];
    byteRows = rows(group(Sums.LANES / 8), 36);
    nibbleRows = rows(group(Sums.LANES / 4), 288);
    byteEnd = end(group(Sums.LANES / 8));
    nibbleEnd = end(group(Sums.LANES / 4));
  }

  /** Rows after which blocks and vectors are in step again. */
  private int group(int blocksOfVector) {
    return blocks >= LONG ? 1 : Math.max(1, blocksOfVector / Integer.lowestOneBit(blocks));
  }

  /** Rows of about {@code wanted} blocks: what measured fastest from memory. */
  private int rows(int group, int wanted) {
    return blocks >= LONG ? 1 : Math.max(1, wanted / (group * blocks)) * group;
  }

  private int end(int group) {
    int entries = blocks >= LONG ? blocks + Fold.UNIT - 1 & -Fold.UNIT : group * blocks;
    return Sums.PAD + 32 * entries;
  }

  /** Takes the vector at {@code at}; cheap when it is the one taken last. */
  void take(MemorySegment state, long at) {
    MemorySegment vector = state.asSlice(at, seen.length);
    if ((bytesMade || nibblesMade) && vector.mismatch(MemorySegment.ofArray(seen)) < 0) {
      return;
    }
    MemorySegment.copy(vector, 0, MemorySegment.ofArray(seen), 0, seen.length);
    bytesMade = false;
    nibblesMade = false;
    MemorySegment.copy(state, JAVA_SHORT, at, q, 0, q.length);
    MemorySegment.copy(state, JAVA_FLOAT, Quantized.scales(at, blocks), scale, 0, blocks);
    MemorySegment.copy(state, JAVA_INT, Quantized.sums(at, blocks), eightSums, 0, blocks);
    for (int b = 0; b < blocks; b++) {
      scaledSum[b] = scale[b] * (float) eightSums[b];
      eightSums[b] <<= 3;
      int sum = 0;
      for (int i = 32 * b; i < 32 * b + 32; i++) {
        sum += q[i];
      }
      byteBias[b] = sum << 7;
    }
  }

  /** Multipliers for 8-bit weights: lane l of a block holds its bytes 4l to 4l + 3. */
  int[] byteTable() {
    if (!bytesMade) {
      if (byteTable == null) {
        byteTable = new int[byteEnd + Sums.LANES];
      }
      for (int lane = 0; lane < (byteEnd - Sums.PAD) / 4; lane++) {
        int block = lane / 8 < blocks || blocks < LONG ? lane / 8 % blocks : -1;
        int o = Sums.PAD + lane / Sums.LANES * 4 * Sums.LANES + lane % Sums.LANES;
        int before = 0;
        for (int k = 0; k < 4; k++) {
          int now = block < 0 ? 0 : q[32 * block + 4 * (lane % 8) + k];
          byteTable[o + k * Sums.LANES] = now - (before << 8);
          before = now;
        }
      }
      bytesMade = true;
    }
    return byteTable;
  }

  /** Multipliers for 4-bit weights: byte i of a block holds its values i and 16 + i. */
  int[] nibbleTable() {
    if (!nibblesMade) {
      if (nibbleTable == null) {
        nibbleTable = new int[nibbleEnd + Sums.LANES];
      }
      for (int lane = 0; lane < (nibbleEnd - Sums.PAD) / 8; lane++) {
        int block = lane / 4 < blocks || blocks < LONG ? lane / 4 % blocks : -1;
        int o = Sums.PAD + lane / Sums.LANES * 8 * Sums.LANES + lane % Sums.LANES;
        int before = 0;
        for (int k = 0; k < 8; k++) {
          int now = block < 0 ? 0 : q[32 * block + 16 * (k & 1) + 4 * (lane % 4) + (k >> 1)];
          nibbleTable[o + k * Sums.LANES] = now - (before << 4);
          before = now;
        }
      }
      nibblesMade = true;
    }
    return nibbleTable;
  }
}
