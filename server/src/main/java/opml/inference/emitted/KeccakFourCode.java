package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.Instruction.ADD_64;
import static opml.inference.emitted.Instruction.AND_NOT;
import static opml.inference.emitted.Instruction.FLOAT_LOAD;
import static opml.inference.emitted.Instruction.FLOAT_STORE;
import static opml.inference.emitted.Instruction.OR;
import static opml.inference.emitted.Instruction.PERMUTE_128;
import static opml.inference.emitted.Instruction.SHIFT_64;
import static opml.inference.emitted.Instruction.SHUFFLE_BYTES;
import static opml.inference.emitted.Instruction.UNPACK_HIGH_64;
import static opml.inference.emitted.Instruction.UNPACK_LOW_64;
import static opml.inference.emitted.Instruction.XOR;

import java.lang.foreign.MemorySegment;
import opml.inference.emitted.KeccakKernel.Registers;

/**
 * Emits Keccak-f[1600] on two times four states for AVX2. With sixteen registers the 25 lanes live
 * in the argument block, in two copies that rounds read and write in turns; a round keeps the
 * column parities for the next one, so it loads and stores every lane once. It begins with what the
 * last one ended with: rounds of two quadruples in turns fill the gap.
 */
final class KeccakFourCode {
  /** Byte shuffles that rotate by 8 and by 56 bits. */
  private static final int BY_8 = KeccakKernel.CONSTANTS + KeccakKernel.CONSTANT_BYTES;

  private static final int BY_56 = BY_8 + 32;
  private static final int LANES = BY_56 + 32;
  private static final int OTHER_LANES = 25 * 32;
  private static final int PARITIES = 2 * OTHER_LANES;

  /** Of one quadruple. */
  private static final int STATES = PARITIES + 5 * 32;

  /** Of the argument block. */
  static final int BYTES = LANES + 2 * STATES;

  /** Rounds of the loop; the last two stand behind it, for the last one makes less. */
  static final int LOOP = KeccakKernel.ROUNDS - 2;

  private static final int D = 0;
  private static final int ROW = 5;
  private static final int PARITY = 10;
  private static final int FREE = 15;

  private final Assembler a = new Assembler(Level.AVX2);

  /** Sets what the code reads besides the constants. */
  static void fill(MemorySegment arguments) {
    for (int i = 0; i < 32; i++) {
      int word = i & 8;
      arguments.set(JAVA_BYTE, BY_8 + i, (byte) (word | i + 7 & 7));
      arguments.set(JAVA_BYTE, BY_56 + i, (byte) (word | i + 1 & 7));
    }
  }

  byte[] emit() {
    a.load(Registers.IN, Registers.ARGUMENTS, 0);
    a.load(Registers.OUT, Registers.ARGUMENTS, 8);
    a.load(Registers.GROUPS, Registers.ARGUMENTS, 16);
    a.load(Registers.TABLE, Registers.ARGUMENTS, 24);
    int group = a.here();
    absorb(LANES, 0);
    absorb(LANES + STATES, 256);
    a.copy(Registers.ROW, Registers.TABLE);
    a.load(Registers.COUNT, Registers.ARGUMENTS, 32);
    int rounds = a.here();
    twoRounds(5);
    a.add(Registers.ROW, 128);
    a.add(Registers.COUNT, -2);
    a.loopTo(rounds);
    twoRounds(1);
    squeeze(LANES, 0);
    squeeze(LANES + STATES, 128);
    a.add(Registers.IN, 512);
    a.add(Registers.OUT, 256);
    a.add(Registers.GROUPS, -1);
    a.loopTo(group);
    a.leave();
    return a.code();
  }

  /** Of both quadruples; the second round makes the first rows only. */
  private void twoRounds(int rows) {
    for (int i = 0; i < 4; i++) {
      int states = LANES + (i & 1) * STATES;
      int from = states + (i >> 1) * OTHER_LANES;
      int to = 2 * states + OTHER_LANES - from;
      round(states + PARITIES, from, to, 64 * (i >> 1), i < 2 ? 5 : rows);
    }
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  /** Registers to .. to + 3 become the columns of the rows in from .. from + 3. */
  private void transpose(int from, int to) {
    int t = FREE - 3;
    op(UNPACK_LOW_64, t, from, from + 1);
    op(UNPACK_HIGH_64, t + 1, from, from + 1);
    op(UNPACK_LOW_64, t + 2, from + 2, from + 3);
    op(UNPACK_HIGH_64, t + 3, from + 2, from + 3);
    a.registers(PERMUTE_128, Y, to, t, t + 2, 0x20);
    a.registers(PERMUTE_128, Y, to + 1, t + 1, t + 3, 0x20);
    a.registers(PERMUTE_128, Y, to + 2, t, t + 2, 0x31);
    a.registers(PERMUTE_128, Y, to + 3, t + 1, t + 3, 0x31);
  }

  private void store(int reg, int lanes, int lane) {
    a.memory(FLOAT_STORE, Y, reg, 0, Registers.ARGUMENTS, lanes + 32 * lane);
  }

  /** The lanes of four padded pairs, and their column parities. */
  private void absorb(int states, int pairs) {
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 4; i++) {
        a.memory(FLOAT_LOAD, Y, i, 0, Registers.IN, pairs + 64 * i + 32 * half);
      }
      transpose(0, 4 + 4 * half);
      for (int i = 0; i < 4; i++) {
        store(4 + 4 * half + i, states, 4 * half + i);
      }
    }
    op(XOR, FREE, FREE, FREE);
    for (int i = 9; i < 25; i++) {
      store(FREE, states, i);
    }
    a.memory(FLOAT_LOAD, Y, 2, 0, Registers.TABLE, 64 * KeccakKernel.ROUNDS);
    a.memory(FLOAT_LOAD, Y, 3, 0, Registers.TABLE, 64 * KeccakKernel.ROUNDS + 64);
    store(2, states, 8);
    store(3, states, 16);
    // lanes 0 to 7 are in registers 4 to 11, 8 and 16 in 2 and 3
    op(XOR, 4, 4, 9);
    op(XOR, 5, 5, 10);
    op(XOR, 5, 5, 3);
    op(XOR, 6, 6, 11);
    op(XOR, 7, 7, 2);
    for (int x = 0; x < 5; x++) {
      store(4 + x, states + PARITIES, x);
    }
  }

  private void round(int parities, int from, int to, int constant, int rows) {
    for (int x = 0; x < 5; x++) {
      a.memory(FLOAT_LOAD, Y, PARITY + x, 0, Registers.ARGUMENTS, parities + 32 * x);
    }
    for (int x = 0; x < 5; x++) {
      int next = PARITY + (x + 1) % 5;
      op(ADD_64, ROW, next, next);
      a.registers(SHIFT_64, Y, 2, FREE, next, 63);
      op(OR, ROW, ROW, FREE);
      op(XOR, D + x, ROW, PARITY + (x + 4) % 5);
    }
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < 5; x++) {
        // what comes to (x, y) was at (x + 3 y, x)
        int column = (x + 3 * y) % 5;
        int lane = column + 5 * x;
        a.memory(XOR, Y, ROW + x, D + column, Registers.ARGUMENTS, from + 32 * lane);
        rotate(ROW + x, KeccakCode.RHO[lane]);
      }
      for (int x = 0; x < 5; x++) {
        int out = y == 0 ? PARITY + x : FREE;
        op(AND_NOT, out, ROW + (x + 1) % 5, ROW + (x + 2) % 5);
        op(XOR, out, out, ROW + x);
        if (x + y == 0) {
          a.memory(XOR, Y, out, out, Registers.ROW, constant);
        }
        store(out, to, x + 5 * y);
        if (y > 0) {
          op(XOR, PARITY + x, PARITY + x, FREE);
        }
      }
    }
    for (int x = 0; x < 5 && rows == 5; x++) {
      store(PARITY + x, parities, x);
    }
  }

  private void rotate(int x, int bits) {
    if (bits == 8 || bits == 56) {
      a.memory(SHUFFLE_BYTES, Y, x, x, Registers.ARGUMENTS, bits == 8 ? BY_8 : BY_56);
    } else if (bits > 0) {
      a.registers(SHIFT_64, Y, 6, FREE, x, bits);
      a.registers(SHIFT_64, Y, 2, x, x, 64 - bits);
      op(OR, x, x, FREE);
    }
  }

  /** Lanes 0 to 3 of the four states become four hashes. */
  private void squeeze(int states, int hashes) {
    for (int i = 0; i < 4; i++) {
      a.memory(FLOAT_LOAD, Y, i, 0, Registers.ARGUMENTS, states + 32 * i);
    }
    transpose(0, 4);
    for (int i = 0; i < 4; i++) {
      a.memory(FLOAT_STORE, Y, 4 + i, 0, Registers.OUT, hashes + 32 * i);
    }
  }
}
