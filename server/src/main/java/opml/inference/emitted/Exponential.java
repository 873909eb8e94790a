package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.Z;

import java.lang.foreign.MemorySegment;
import opml.guest.Floats;

/**
 * Emits {@code Floats.exp}, operation by operation, and what goes with it. For AVX-512 constants
 * live in registers 17 to 30, loaded from the argument block; AVX2 has too few and reads them there
 * each time, repeated to a whole vector.
 */
final class Exponential {
  /** Of the constants in the argument block of AVX-512 code. */
  static final int BYTES = 64;

  /** Of the constants in the argument block of AVX2 code, which holds vectors. */
  static final int SPREAD_BYTES = 32 * 14;

  static final int ONE = 28;
  static final int NAN = 29;
  static final int SIGN = 30;
  static final int FIRST = 17;
  private static final float[] VALUES = {
    88f,
    -87f,
    1.44269504f,
    Floats.MAGIC,
    0.693359375f,
    -2.12194440e-4f,
    0.00139261817f,
    0.008363178f,
    0.0416665561f,
    0.166665763f,
    0.5f,
    1f
  };
  private final Assembler a;
  private final int length;
  private final int spread;

  /** Emits AVX-512 code for vectors of a length, {@link Assembler#Y} or Z. */
  Exponential(Assembler a, int length) {
    this.a = a;
    this.length = length;
    spread = -1;
  }

  private Exponential(Assembler a, int length, int spread) {
    this.a = a;
    this.length = length;
    this.spread = spread;
  }

  /** Emits AVX2 code; {@code at} is where the argument block holds the constants. */
  static Exponential fromMemory(Assembler a, int at) {
    return new Exponential(a, Assembler.Y, at);
  }

  /** Fills the constants of an argument block. */
  static void fill(MemorySegment arguments, int at) {
    for (int i = 0; i < VALUES.length; i++) {
      arguments.set(JAVA_FLOAT, at + 4L * i, VALUES[i]);
    }
    arguments.set(JAVA_INT, at + 4L * VALUES.length, 0x7fc00000);
    arguments.set(JAVA_INT, at + 4L * VALUES.length + 4, 0x80000000);
  }

  /** The same for AVX2 code. */
  static void fillSpread(MemorySegment arguments, int at) {
    for (int lane = 0; lane < 8; lane++) {
      for (int i = 0; i < VALUES.length; i++) {
        arguments.set(JAVA_FLOAT, at + 32L * i + 4L * lane, VALUES[i]);
      }
      arguments.set(JAVA_INT, at + 32L * VALUES.length + 4L * lane, 0x7fc00000);
      arguments.set(JAVA_INT, at + 32L * VALUES.length + 32 + 4L * lane, 0x80000000);
    }
  }

  /** Loads the constants into registers. */
  void constants(int at) {
    for (int i = 0; i < VALUES.length + 2; i++) {
      a.memory(Instruction.BROADCAST, Z, FIRST + i, 0, RDI, at + 4 * i);
    }
  }

  /** x = exp(x), where NaN gives anything; uses the three registers after x. */
  void exp(int x) {
    int n = x + 1;
    int t = x + 2;
    int p = x + 3;
    a.registers(Instruction.FLOAT_LEAST, length, x, register(0, n), x);
    a.registers(Instruction.FLOAT_MOST, length, x, register(1, n), x);
    constant(Instruction.FLOAT_MULTIPLY, n, x, 2);
    constant(Instruction.FLOAT_ADD, n, n, 3);
    constant(Instruction.FLOAT_SUBTRACT, t, n, 3);
    constant(Instruction.SUBTRACT, n, n, 3);
    a.registers(Instruction.SHIFT_32, length, 6, n, n, 23);
    constant(Instruction.FLOAT_MULTIPLY, p, t, 4);
    op(Instruction.FLOAT_SUBTRACT, x, x, p);
    constant(Instruction.FLOAT_MULTIPLY, p, t, 5);
    op(Instruction.FLOAT_SUBTRACT, x, x, p);
    constant(Instruction.FLOAT_MULTIPLY, p, x, 6);
    for (int i = 7; i <= 10; i++) {
      constant(Instruction.FLOAT_ADD, p, p, i);
      op(Instruction.FLOAT_MULTIPLY, p, p, x);
    }
    addOne(p);
    op(Instruction.FLOAT_MULTIPLY, p, p, x);
    addOne(p);
    op(Instruction.ADD, x, p, n);
  }

  /** x = x + 1. */
  void addOne(int x) {
    constant(Instruction.FLOAT_ADD, x, x, ONE - FIRST);
  }

  /** to = -x, of NaN too. */
  void negate(int to, int x) {
    constant(Instruction.XOR, to, x, SIGN - FIRST);
  }

  /** NaN in x becomes 7fc00000 (INV-07); uses mask register 2. */
  void canonical(int x) {
    a.registers(Instruction.FLOAT_TEST, length, 2, x, x, 3);
    a.masked(Instruction.FLOAT_BLEND, length, x, x, NAN, 2, false);
  }

  /** A register that holds a constant: its own or {@code free}, loaded here. */
  private int register(int constant, int free) {
    if (spread < 0) {
      return FIRST + constant;
    }
    a.memory(Instruction.FLOAT_LOAD, length, free, 0, RDI, spread + 32 * constant);
    return free;
  }

  private void constant(Instruction i, int to, int x, int constant) {
    if (spread < 0) {
      op(i, to, x, FIRST + constant);
    } else {
      a.memory(i, length, to, x, RDI, spread + 32 * constant);
    }
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, length, to, x, y);
  }
}
