package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.Z;

import java.lang.foreign.MemorySegment;
import opml.guest.Floats;

/**
 * Emits {@code Floats.exp}, operation by operation, and what goes with it. Constants live in
 * registers 17 to 30, loaded from the argument block.
 */
final class Exponential {
  /** Of the constants in the argument block. */
  static final int BYTES = 64;

  static final int ONE = 28;
  static final int NAN = 29;
  static final int SIGN = 30;
  private static final int FIRST = 17;
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

  /** Emits for vectors of a length, {@link Assembler#Y} or Z. */
  Exponential(Assembler a, int length) {
    this.a = a;
    this.length = length;
  }

  /** Fills the constants of an argument block. */
  static void fill(MemorySegment arguments, int at) {
    for (int i = 0; i < VALUES.length; i++) {
      arguments.set(JAVA_FLOAT, at + 4L * i, VALUES[i]);
    }
    arguments.set(JAVA_INT, at + 4L * VALUES.length, 0x7fc00000);
    arguments.set(JAVA_INT, at + 4L * VALUES.length + 4, 0x80000000);
  }

  /** Loads the constants. */
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
    op(Instruction.FLOAT_LEAST, x, FIRST, x);
    op(Instruction.FLOAT_MOST, x, FIRST + 1, x);
    op(Instruction.FLOAT_MULTIPLY, n, x, FIRST + 2);
    op(Instruction.FLOAT_ADD, n, n, FIRST + 3);
    op(Instruction.FLOAT_SUBTRACT, t, n, FIRST + 3);
    op(Instruction.SUBTRACT, n, n, FIRST + 3);
    a.registers(Instruction.SHIFT_32, length, 6, n, n, 23);
    op(Instruction.FLOAT_MULTIPLY, p, t, FIRST + 4);
    op(Instruction.FLOAT_SUBTRACT, x, x, p);
    op(Instruction.FLOAT_MULTIPLY, p, t, FIRST + 5);
    op(Instruction.FLOAT_SUBTRACT, x, x, p);
    op(Instruction.FLOAT_MULTIPLY, p, x, FIRST + 6);
    for (int i = 7; i <= 10; i++) {
      op(Instruction.FLOAT_ADD, p, p, FIRST + i);
      op(Instruction.FLOAT_MULTIPLY, p, p, x);
    }
    op(Instruction.FLOAT_ADD, p, p, ONE);
    op(Instruction.FLOAT_MULTIPLY, p, p, x);
    op(Instruction.FLOAT_ADD, p, p, ONE);
    op(Instruction.ADD, x, p, n);
  }

  /** NaN in x becomes 7fc00000 (INV-07); uses mask register 2. */
  void canonical(int x) {
    a.registers(Instruction.FLOAT_TEST, length, 2, x, x, 3);
    a.masked(Instruction.FLOAT_BLEND, length, x, x, NAN, 2, false);
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, length, to, x, y);
  }
}
