package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;

/**
 * Emits the element-wise kernels for AVX2, in the order of docs/protocol.md section 8. Argument
 * block: up to four addresses and counts of 64 bits, four floats, then constants.
 */
final class VectorCode {
  // argument block
  static final int A = 0;
  static final int B = 8;
  static final int C = 16;
  static final int D = 24;
  static final int N = 32;
  static final int M = 40;
  static final int FLOATS = 48;
  static final int NAN = 64;
  static final int ONE = 68;
  static final int LOWEST = 72;
  static final int EIGHT = 76;

  /** Eight lanes of a result, and as many indices. */
  static final int RESULT = 96;

  static final int INDICES = 128;

  /** 0 to 7. */
  static final int COUNTING = 160;

  /** The sign of even lanes. */
  static final int EVEN_SIGNS = 192;

  private final Assembler a = new Assembler(Level.AVX2);
  private final EightLanes lanes = new EightLanes(a);

  private VectorCode() {}

  private byte[] finished() {
    a.leave();
    return a.code();
  }

  private void load(int reg, int base) {
    a.memory(Instruction.FLOAT_LOAD, Y, reg, 0, base, 0);
  }

  private void store(int reg, int base) {
    lanes.canonical(reg, 14);
    a.memory(Instruction.FLOAT_STORE, Y, reg, 0, base, 0);
  }

  /** A += B, N times eight. */
  static byte[] add() {
    VectorCode c = new VectorCode();
    c.lanes.constants(NAN);
    c.a.load(RSI, RDI, A);
    c.a.load(RDX, RDI, B);
    c.a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          c.load(0, RSI);
          c.a.memory(Instruction.FLOAT_ADD, Y, 0, 0, RDX, 0);
          c.store(0, RSI);
          c.a.add(RSI, 32);
          c.a.add(RDX, 32);
        });
    return c.finished();
  }

  /**
   * C = A * (1 / sqrt(sum of squares of A / n + epsilon)) * B, N times eight; n and epsilon are the
   * floats.
   */
  static byte[] normalize() {
    VectorCode c = new VectorCode();
    Assembler a = c.a;
    c.lanes.constants(NAN);
    c.lanes.zero(0);
    a.load(RSI, RDI, A);
    a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          c.load(1, RSI);
          a.registers(Instruction.FLOAT_MULTIPLY, Y, 1, 1, 1);
          a.registers(Instruction.FLOAT_ADD, Y, 0, 0, 1);
          a.add(RSI, 32);
        });
    c.lanes.across(Instruction.FLOAT_ADD, 0, 1);
    a.memory(Instruction.BROADCAST, Y, 1, 0, RDI, FLOATS);
    a.registers(Instruction.FLOAT_DIVIDE, Y, 0, 0, 1);
    a.memory(Instruction.BROADCAST, Y, 1, 0, RDI, FLOATS + 4);
    a.registers(Instruction.FLOAT_ADD, Y, 0, 0, 1);
    a.registers(Instruction.FLOAT_ROOT, Y, 0, 0, 0);
    a.memory(Instruction.BROADCAST, Y, 1, 0, RDI, ONE);
    a.registers(Instruction.FLOAT_DIVIDE, Y, 0, 1, 0);
    a.load(RSI, RDI, A);
    a.load(RDX, RDI, B);
    a.load(RCX, RDI, C);
    a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          c.load(1, RSI);
          a.registers(Instruction.FLOAT_MULTIPLY, Y, 1, 1, 0);
          a.memory(Instruction.FLOAT_MULTIPLY, Y, 1, 1, RDX, 0);
          c.store(1, RCX);
          a.add(RSI, 32);
          a.add(RDX, 32);
          a.add(RCX, 32);
        });
    return c.finished();
  }

  /**
   * Pairs (a, b) of A become (a cos - b sin, a sin + b cos): M heads of N times eight, cosines and
   * sines at B. a cos - b sin is a cos + b (-sin), bit for bit.
   */
  static byte[] rotate() {
    VectorCode c = new VectorCode();
    Assembler a = c.a;
    c.lanes.constants(NAN);
    a.memory(Instruction.FLOAT_LOAD, Y, 13, 0, RDI, EVEN_SIGNS);
    a.load(RSI, RDI, A);
    a.load(R8, RDI, M);
    a.load(R10, RDI, N);
    a.load(R11, RDI, B);
    c.lanes.repeat(
        R8,
        () -> {
          a.copy(RDX, R11);
          a.copy(R9, R10);
          c.lanes.repeat(
              R9,
              () -> {
                c.load(0, RDX);
                a.registers(Instruction.SHUFFLE_32, Y, 1, 0, 0, 0xf5);
                a.registers(Instruction.SHUFFLE_32, Y, 0, 0, 0, 0xa0);
                a.registers(Instruction.XOR, Y, 1, 1, 13);
                c.load(2, RSI);
                a.registers(Instruction.SHUFFLE_32, Y, 3, 0, 2, 0xb1);
                a.registers(Instruction.FLOAT_MULTIPLY, Y, 2, 2, 0);
                a.registers(Instruction.FLOAT_MULTIPLY, Y, 3, 3, 1);
                a.registers(Instruction.FLOAT_ADD, Y, 2, 2, 3);
                c.store(2, RSI);
                a.add(RSI, 32);
                a.add(RDX, 32);
              });
        });
    return c.finished();
  }

  /** For each lane the largest of A and where it is first; NaN is never; N times eight. */
  static byte[] largest() {
    VectorCode c = new VectorCode();
    Assembler a = c.a;
    a.memory(Instruction.BROADCAST, Y, 0, 0, RDI, LOWEST);
    c.lanes.zero(1);
    a.memory(Instruction.FLOAT_LOAD, Y, 2, 0, RDI, COUNTING);
    a.memory(Instruction.BROADCAST, Y, 3, 0, RDI, EIGHT);
    a.load(RSI, RDI, A);
    a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          c.load(4, RSI);
          a.registers(Instruction.FLOAT_TEST, Y, 5, 4, 0, 0x1e);
          a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, 0, 0, 4, 5 << 4);
          a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, 1, 1, 2, 5 << 4);
          a.registers(Instruction.ADD, Y, 2, 2, 3);
          a.add(RSI, 32);
        });
    a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RDI, RESULT);
    a.memory(Instruction.FLOAT_STORE, Y, 1, 0, RDI, INDICES);
    return c.finished();
  }

  /** A = 0, N times 64 bytes. */
  static byte[] clear() {
    VectorCode c = new VectorCode();
    c.lanes.zero(0);
    c.a.load(RSI, RDI, A);
    c.a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          c.a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RSI, 0);
          c.a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RSI, 32);
          c.a.add(RSI, 64);
        });
    return c.finished();
  }

  /** A = B, N times 64 bytes; RESULT is zero when they were equal. */
  static byte[] replace() {
    VectorCode c = new VectorCode();
    c.lanes.zero(0);
    c.a.load(RSI, RDI, A);
    c.a.load(RDX, RDI, B);
    c.a.load(R9, RDI, N);
    c.lanes.repeat(
        R9,
        () -> {
          for (int at = 0; at < 64; at += 32) {
            c.a.memory(Instruction.LOAD, Y, 1, 0, RDX, at);
            c.a.memory(Instruction.XOR, Y, 2, 1, RSI, at);
            c.a.registers(Instruction.OR, Y, 0, 0, 2);
            c.a.memory(Instruction.FLOAT_STORE, Y, 1, 0, RSI, at);
          }
          c.a.add(RSI, 64);
          c.a.add(RDX, 64);
        });
    c.a.memory(Instruction.FLOAT_STORE, Y, 0, 0, RDI, RESULT);
    return c.finished();
  }
}
