package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Assembler.Z;

/**
 * Emits the product of matrix rows with some activation vectors. An activation is 128 high + low,
 * both signed bytes, so that a block's sum is 128 dot(w, high) + dot(w, low), exact in 32 bits.
 * Eight blocks give eight float terms, added to the lanes in the order of docs/protocol.md section
 * 8.
 */
final class RowsCode {
  /** Activation vectors at most. */
  static final int MOST = 4;

  // argument block
  static final int WEIGHTS = 0;
  static final int SCALES = 8;
  static final int MINIMA = 16;
  static final int OUT = 24;
  static final int ROWS = 32;
  static final int TABLE = 40;
  static final int GROUPS = 48;
  static final int STRIDE = 56;
  static final int MASK = 64;
  static final int ORDER = 128;
  static final int ARGUMENT_BYTES = 192;

  // one group of eight blocks of one activation in the table
  static final int SCALE = 512;
  static final int BIAS = 544;
  static final int SCALED_SUM = 576;
  static final int GROUP_BYTES = 640;

  /**
   * Weights come to the second cache first, so that the few reads that the first one keeps track of
   * do not wait for memory; scales cross pages, which the processor does not do by itself.
   */
  private static final int FAR_AHEAD = 4096;

  private static final int NEAR_AHEAD = 512;
  private static final int LANES = 16;
  private static final int D = 24;
  private static final int M = 25;
  private static final int ORDERED = 30;
  private static final int MASKED = 31;

  private final Assembler a = new Assembler(Level.AVX512);
  private final Form form;
  private final int tail;
  private final int vectors;

  /**
   * Plans a kernel.
   *
   * @param tail blocks of the last, partial group: 0 to 7
   * @param vectors activation vectors: 1 to {@link #MOST}
   */
  RowsCode(Form form, int tail, int vectors) {
    this.form = form;
    this.tail = tail;
    this.vectors = vectors;
  }

  byte[] emit() {
    a.maskOne((1 << tail) - 1);
    a.load(RSI, RDI, WEIGHTS);
    a.load(RDX, RDI, SCALES);
    a.load(RCX, RDI, MINIMA);
    a.load(R8, RDI, OUT);
    a.load(R9, RDI, ROWS);
    a.load(R10, RDI, TABLE);
    a.memory(Instruction.LOAD, Z, MASKED, 0, RDI, MASK);
    a.memory(Instruction.LOAD, Z, ORDERED, 0, RDI, ORDER);
    int row = a.here();
    a.copy(R11, R10);
    for (int v = 0; v < vectors; v++) {
      zero(LANES + v);
    }
    a.load(RAX, RDI, GROUPS);
    a.add(RAX, 0);
    int skip = a.ifZero();
    int group = a.here();
    group(8);
    a.add(R11, GROUP_BYTES * vectors);
    a.add(RAX, -1);
    a.loopTo(group);
    a.land(skip);
    if (tail > 0) {
      group(tail);
    }
    a.copy(RAX, R8);
    for (int v = 0; v < vectors; v++) {
      finish(LANES + v);
      a.addFrom(RAX, RDI, STRIDE);
    }
    a.add(R8, 4);
    a.add(R9, -1);
    a.loopTo(row);
    a.leave();
    return a.code();
  }

  private void zero(int register) {
    a.registers(Instruction.XOR, Z, register, register, register);
  }

  private void group(int blocks) {
    int loads = (blocks * form.blockBytes + 63) / 64;
    for (int i = 0; i < loads; i++) {
      a.prefetch(RSI, NEAR_AHEAD + 64 * i);
      a.prefetchSecond(RSI, FAR_AHEAD + 64 * i);
    }
    a.prefetch(RDX, NEAR_AHEAD);
    if (form.minima) {
      a.prefetch(RCX, NEAR_AHEAD);
    }
    for (int i = 0; i < loads; i++) {
      weights(i);
    }
    int mask = blocks < 8 ? 1 : 0;
    a.masked(Instruction.FROM_HALF, Y, D, 0, RDX, 0, mask);
    if (form.minima) {
      a.masked(Instruction.FROM_HALF, Y, M, 0, RCX, 0, mask);
    }
    for (int v = 0; v < vectors; v++) {
      int table = GROUP_BYTES * v;
      int sums = form.nibbles ? nibbleSums(loads, table) : byteSums(loads, table);
      terms(sums, table, LANES + v);
    }
    a.add(RSI, blocks * form.blockBytes);
    a.add(RDX, 2 * blocks);
    if (form.minima) {
      a.add(RCX, 2 * blocks);
    }
  }

  /** Weights as unsigned bytes: registers 2i and 2i + 1 low and high nibbles, or register i. */
  private void weights(int i) {
    if (form.nibbles) {
      a.memory(Instruction.LOAD, Z, 2 * i, 0, RSI, 64 * i);
      a.registers(Instruction.SHIFT_16, Z, 2, 2 * i + 1, 2 * i, 4);
      a.registers(Instruction.AND, Z, 2 * i, 2 * i, MASKED);
      a.registers(Instruction.AND, Z, 2 * i + 1, 2 * i + 1, MASKED);
    } else {
      a.memory(Instruction.XOR, Z, i, MASKED, RSI, 64 * i);
    }
  }

  /** Lane sums of one vector of weights into {@code to}, using the register after it. */
  private void dot(int to, int first, int count, int table) {
    for (int plane = 0; plane < 2; plane++) {
      zero(to + plane);
      for (int i = 0; i < count; i++) {
        a.memory(
            Instruction.DOT_BYTES, Z, to + plane, first + i, R11, table + 64 * (plane * count + i));
      }
    }
    a.registers(Instruction.SHIFT_32, Z, 6, to, to, 7);
    add(to, to + 1);
  }

  private void add(int to, int other) {
    a.registers(Instruction.ADD, Z, to, to, other);
  }

  private int nibbleSums(int loads, int table) {
    for (int i = 0; i < 2; i++) {
      if (i < loads) {
        dot(4 + 2 * i, 2 * i, 2, table + 256 * i);
      } else {
        zero(4 + 2 * i);
      }
    }
    interleave(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, 4, 6);
    a.registers(Instruction.SHUFFLE_32, Z, 6, 0, 4, 0x4e);
    add(4, 6);
    a.registers(Instruction.PERMUTE_32, Z, 4, ORDERED, 4);
    return 4;
  }

  private int byteSums(int loads, int table) {
    for (int i = 0; i < 4; i++) {
      if (i < loads) {
        dot(4 + 2 * i, i, 1, table + 128 * i);
      } else {
        zero(4 + 2 * i);
      }
    }
    interleave(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, 4, 6);
    interleave(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, 8, 10);
    interleave(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, 4, 8);
    a.registers(Instruction.SHUFFLE_128, Z, 6, 4, 4, 0xb1);
    add(4, 6);
    a.registers(Instruction.PERMUTE_32, Z, 4, ORDERED, 4);
    return 4;
  }

  /** x = low(x, y) + high(x, y); uses the register after y. */
  private void interleave(Instruction low, Instruction high, int x, int y) {
    a.registers(low, Z, y + 1, x, y);
    a.registers(high, Z, x, x, y);
    add(x, y + 1);
  }

  /** lanes += (float) (sums - bias) * (d * dx) [+ m * (dx * S)]. */
  private void terms(int sums, int table, int lanes) {
    if (form.biased) {
      a.memory(Instruction.SUBTRACT, Y, sums, sums, R11, table + BIAS);
    }
    a.registers(Instruction.TO_FLOAT, Y, sums, 0, sums);
    a.memory(Instruction.FLOAT_MULTIPLY, Y, sums + 1, D, R11, table + SCALE);
    a.registers(Instruction.FLOAT_MULTIPLY, Y, sums, sums, sums + 1);
    if (form.minima) {
      a.memory(Instruction.FLOAT_MULTIPLY, Y, sums + 1, M, R11, table + SCALED_SUM);
      a.registers(Instruction.FLOAT_ADD, Y, sums, sums, sums + 1);
    }
    a.registers(Instruction.FLOAT_ADD, Y, lanes, lanes, sums);
  }

  /** Stores ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)), NaN canonical (INV-07). */
  private void finish(int lanes) {
    a.registers(Instruction.EXTRACT_128, Y, lanes, 0, 4, 1);
    a.registers(Instruction.FLOAT_ADD, X, 5, lanes, 4);
    a.registers(Instruction.SHUFFLE_32, X, 4, 0, 5, 0x4e);
    a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    a.registers(Instruction.SHUFFLE_32, X, 4, 0, 5, 0x55);
    a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    a.memory(Instruction.SCALAR_STORE, X, 5, 0, RAX, 0);
    a.registers(Instruction.FLOAT_COMPARE, X, 5, 0, 5);
    int ordered = a.unlessUnordered();
    a.storeInt(RAX, 0, 0x7fc00000);
    a.land(ordered);
  }
}
