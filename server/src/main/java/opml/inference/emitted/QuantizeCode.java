package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

/**
 * Emits the quantizers for AVX2 (docs/protocol.md section 8). No branches: what counts as zero and
 * what is not finite is masked out at the end. Arguments as {@link VectorCode} has them: values at
 * A, integers to B, scales to C, sums to D, N blocks or groups of eight, the limit a float.
 */
final class QuantizeCode {
  /** Largest magnitudes, as integers, that count as zero and that are finite; the sign's rest. */
  static final int ZERO_UP_TO = 80;

  static final int FINITE_UP_TO = 84;
  static final int MAGNITUDE = 88;
  static final int MAGIC = 92;

  /** Where 32-bit groups of packed bytes go: both halves' first ones, then both second ones. */
  static final int PLANES = 224;

  static final int LOW_BITS = 256;

  private static final int BAD = 9;
  private static final int RIGHT_BITS = 10;
  private static final int SHIFT = 11;
  private static final int FINITE = 12;
  private static final int ZERO = 13;
  private static final int LIMIT = 14;
  private static final int SIGNLESS = 15;

  // what a block or head has in common
  private static final int TOP = 4;
  private static final int INVERSE = 5;
  private static final int VALID = 6;
  private static final int SCALE = 7;
  private static final int FREE = 8;

  private final Assembler a = new Assembler(Level.AVX2);
  private final EightLanes lanes = new EightLanes(a);

  private QuantizeCode() {
    a.memory(Instruction.BROADCAST, Y, SIGNLESS, 0, RDI, MAGNITUDE);
    a.memory(Instruction.BROADCAST, Y, LIMIT, 0, RDI, VectorCode.FLOATS);
    a.memory(Instruction.BROADCAST, Y, ZERO, 0, RDI, ZERO_UP_TO);
    a.memory(Instruction.BROADCAST, Y, FINITE, 0, RDI, FINITE_UP_TO);
    a.memory(Instruction.BROADCAST, Y, SHIFT, 0, RDI, MAGIC);
    a.load(RSI, RDI, VectorCode.A);
    a.load(RDX, RDI, VectorCode.B);
    a.load(RCX, RDI, VectorCode.C);
    a.load(R8, RDI, VectorCode.D);
    a.load(R9, RDI, VectorCode.N);
    lanes.zero(BAD);
  }

  /** RESULT is not zero when a number was not finite. */
  private byte[] finished() {
    a.memory(Instruction.FLOAT_STORE, Y, BAD, 0, RDI, VectorCode.RESULT);
    a.leave();
    return a.code();
  }

  /** From TOP, the largest magnitude of each lane: INVERSE, SCALE (stored), VALID, BAD. */
  private void scale() {
    a.registers(Instruction.PERMUTE_128, Y, FREE, TOP, TOP, 0x01);
    a.registers(Instruction.MOST_32, Y, TOP, TOP, FREE);
    a.registers(Instruction.SHUFFLE_32, Y, FREE, 0, TOP, 0x4e);
    a.registers(Instruction.MOST_32, Y, TOP, TOP, FREE);
    a.registers(Instruction.SHUFFLE_32, Y, FREE, 0, TOP, 0xb1);
    a.registers(Instruction.MOST_32, Y, TOP, TOP, FREE);
    a.registers(Instruction.GREATER_32, Y, VALID, TOP, ZERO);
    a.registers(Instruction.GREATER_32, Y, FREE, TOP, FINITE);
    a.registers(Instruction.OR, Y, BAD, BAD, FREE);
    a.registers(Instruction.AND_NOT, Y, VALID, FREE, VALID);
    a.registers(Instruction.FLOAT_DIVIDE, Y, INVERSE, LIMIT, TOP);
    a.registers(Instruction.FLOAT_DIVIDE, Y, SCALE, TOP, LIMIT);
    a.registers(Instruction.AND, Y, SCALE, SCALE, VALID);
    a.memory(Instruction.SCALAR_STORE, X, SCALE, 0, RCX, 0);
  }

  /** The nearest integers to x * INVERSE. */
  private void round(int x) {
    a.registers(Instruction.FLOAT_MULTIPLY, Y, x, x, INVERSE);
    a.registers(Instruction.FLOAT_ADD, Y, x, x, SHIFT);
    a.registers(Instruction.SUBTRACT, Y, x, x, SHIFT);
    a.registers(Instruction.AND, Y, x, x, VALID);
  }

  /** Blocks of 32, each with scale and sum. */
  static byte[] blocks() {
    QuantizeCode c = new QuantizeCode();
    c.lanes.repeat(R9, c::block);
    return c.finished();
  }

  private void block() {
    for (int i = 0; i < 4; i++) {
      a.memory(Instruction.FLOAT_LOAD, Y, i, 0, RSI, 32 * i);
      a.registers(Instruction.AND, Y, i == 0 ? TOP : FREE, i, SIGNLESS);
      if (i > 0) {
        a.registers(Instruction.MOST_32, Y, TOP, TOP, FREE);
      }
    }
    scale();
    for (int i = 0; i < 4; i++) {
      round(i);
    }
    a.registers(Instruction.ADD, Y, TOP, 0, 1);
    a.registers(Instruction.ADD, Y, FREE, 2, 3);
    a.registers(Instruction.ADD, Y, TOP, TOP, FREE);
    a.registers(Instruction.EXTRACT_128, Y, TOP, 0, FREE, 1);
    a.registers(Instruction.ADD, X, TOP, TOP, FREE);
    a.registers(Instruction.SHUFFLE_32, X, FREE, 0, TOP, 0x4e);
    a.registers(Instruction.ADD, X, TOP, TOP, FREE);
    a.registers(Instruction.SHUFFLE_32, X, FREE, 0, TOP, 0xb1);
    a.registers(Instruction.ADD, X, TOP, TOP, FREE);
    a.memory(Instruction.SCALAR_STORE, X, TOP, 0, R8, 0);
    for (int i = 0; i < 4; i += 2) {
      a.registers(Instruction.PACK_32, Y, i, i, i + 1);
      a.registers(Instruction.PERMUTE_64, Y, i, 0, i, 0xd8);
      a.memory(Instruction.FLOAT_STORE, Y, i, 0, RDX, 16 * i);
    }
    a.add(RSI, 128);
    a.add(RDX, 64);
    a.add(RCX, 4);
    a.add(R8, 4);
  }

  /** N times eight values with one scale, as 16-bit integers. */
  static byte[] head() {
    QuantizeCode c = new QuantizeCode();
    c.top();
    c.lanes.repeat(
        R9,
        () -> {
          c.eight();
          c.a.registers(Instruction.PACK_32, Y, 0, 0, 0);
          c.a.registers(Instruction.PERMUTE_64, Y, 0, 0, 0, 0x08);
          c.a.memory(Instruction.FLOAT_STORE, X, 0, 0, RDX, 0);
          c.a.add(RDX, 16);
        });
    return c.finished();
  }

  /** The same as 128 * high + low in two planes of bytes, high to B and low to D. */
  static byte[] query() {
    QuantizeCode c = new QuantizeCode();
    Assembler a = c.a;
    a.memory(Instruction.BROADCAST, Y, RIGHT_BITS, 0, RDI, LOW_BITS);
    a.memory(Instruction.FLOAT_LOAD, Y, 3, 0, RDI, PLANES);
    c.top();
    c.lanes.repeat(
        R9,
        () -> {
          c.eight();
          a.registers(Instruction.AND, Y, 1, 0, RIGHT_BITS);
          a.registers(Instruction.SHIFT_32, Y, 4, 0, 0, 7);
          a.registers(Instruction.PACK_32, Y, 0, 0, 1);
          a.registers(Instruction.PACK_16, Y, 0, 0, 0);
          a.registers(Instruction.PERMUTE_32, Y, 0, 3, 0);
          a.memory(Instruction.STORE_LOW_64, X, 0, 0, RDX, 0);
          a.memory(Instruction.STORE_HIGH_64, X, 0, 0, R8, 0);
          a.add(RDX, 8);
          a.add(R8, 8);
        });
    return c.finished();
  }

  private void top() {
    lanes.zero(TOP);
    lanes.repeat(
        R9,
        () -> {
          a.memory(Instruction.AND, Y, 0, SIGNLESS, RSI, 0);
          a.registers(Instruction.MOST_32, Y, TOP, TOP, 0);
          a.add(RSI, 32);
        });
    scale();
    a.load(RSI, RDI, VectorCode.A);
    a.load(R9, RDI, VectorCode.N);
  }

  private void eight() {
    a.memory(Instruction.FLOAT_LOAD, Y, 0, 0, RSI, 0);
    round(0);
    a.add(RSI, 32);
  }
}
