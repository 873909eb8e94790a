package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static opml.inference.emitted.Assembler.Z;
import static opml.inference.emitted.Instruction.FLOAT_STORE;
import static opml.inference.emitted.Instruction.LOAD;
import static opml.inference.emitted.Instruction.MULTISHIFT;
import static opml.inference.emitted.Instruction.ROTATE_LEFT_64;
import static opml.inference.emitted.Instruction.SHUFFLE_128;
import static opml.inference.emitted.Instruction.TERNARY;
import static opml.inference.emitted.Instruction.UNPACK_HIGH_64;
import static opml.inference.emitted.Instruction.UNPACK_LOW_64;
import static opml.inference.emitted.Instruction.XOR;

import java.lang.foreign.MemorySegment;
import opml.inference.emitted.KeccakKernel.Registers;

/**
 * Emits Keccak-f[1600] on eight states: lane i of all of them is vector register i, 25 to 31 are
 * free. About a hundred instructions a round. Processors rotate in one of their two vector units
 * alone and hand the other instructions to both alike, so that the first had to do two thirds:
 * every second rotation is a multishift, which only the other unit does.
 */
final class KeccakCode {
  private static final int FREE = 25;
  private static final int XOR3 = 0x96; // a ^ b ^ c
  private static final int CHI = 0xd2; // a ^ (~b & c)

  /** Rounds of the loop; the last one makes less. */
  static final int LOOP = KeccakKernel.ROUNDS - 1;

  /** What tells a multishift how far to rotate, for each lane, after the constants. */
  private static final int CONTROLS = KeccakKernel.CONSTANT_BYTES;

  /** Of the argument block. */
  static final int BYTES = KeccakKernel.CONSTANTS + CONTROLS + 64 * 25;

  /** Rotation of each lane (FIPS 202, section 3.2.2). */
  static final int[] RHO = {
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14
  };

  private final Assembler a = new Assembler(Level.AVX512);
  private final boolean multishift;

  /**
   * Plans the code.
   *
   * @param multishift whether the processor has VBMI
   */
  KeccakCode(boolean multishift) {
    this.multishift = multishift;
  }

  /** Sets what the code reads besides the constants. */
  static void fill(MemorySegment arguments) {
    for (int lane = 0; lane < 25; lane++) {
      long at = KeccakKernel.CONSTANTS + CONTROLS + 64L * lane;
      for (int i = 0; i < 64; i++) {
        arguments.set(JAVA_BYTE, at + i, (byte) (8 * i - RHO[lane] & 63));
      }
    }
  }

  byte[] emit() {
    a.load(Registers.IN, Registers.ARGUMENTS, 0);
    a.load(Registers.OUT, Registers.ARGUMENTS, 8);
    a.load(Registers.GROUPS, Registers.ARGUMENTS, 16);
    a.load(Registers.TABLE, Registers.ARGUMENTS, 24);
    int group = a.here();
    absorb();
    a.copy(Registers.ROW, Registers.TABLE);
    a.load(Registers.COUNT, Registers.ARGUMENTS, 32);
    int round = a.here();
    theta();
    rhoAndPi();
    chi();
    a.memory(XOR, Z, 0, 0, Registers.ROW, 0);
    a.add(Registers.ROW, 64);
    a.add(Registers.COUNT, -1);
    a.loopTo(round);
    lastRound();
    squeeze();
    a.add(Registers.IN, 512);
    a.add(Registers.OUT, 256);
    a.add(Registers.GROUPS, -1);
    a.loopTo(group);
    a.leave();
    return a.code();
  }

  /** Registers 0 to 7 become columns of the eight pairs, the rest padding. */
  private void absorb() {
    for (int i = 0; i < 8; i++) {
      a.memory(LOAD, Z, 8 + i, 0, Registers.IN, 64 * i);
    }
    for (int i = 0; i < 4; i++) {
      a.registers(UNPACK_LOW_64, Z, 16 + i, 8 + 2 * i, 9 + 2 * i);
      a.registers(UNPACK_HIGH_64, Z, 20 + i, 8 + 2 * i, 9 + 2 * i);
    }
    for (int odd = 0; odd < 2; odd++) {
      int t = 16 + 4 * odd;
      for (int upper = 0; upper < 2; upper++) {
        int which = upper == 0 ? 0x88 : 0xdd;
        a.registers(SHUFFLE_128, Z, FREE, t, t + 1, which);
        a.registers(SHUFFLE_128, Z, FREE + 1, t + 2, t + 3, which);
        a.registers(SHUFFLE_128, Z, odd + 2 * upper, FREE, FREE + 1, 0x88);
        a.registers(SHUFFLE_128, Z, odd + 2 * upper + 4, FREE, FREE + 1, 0xdd);
      }
    }
    for (int i = 9; i < 25; i++) {
      a.registers(XOR, Z, i, i, i);
    }
    a.memory(LOAD, Z, 8, 0, Registers.TABLE, 64 * KeccakKernel.ROUNDS);
    a.memory(LOAD, Z, 16, 0, Registers.TABLE, 64 * KeccakKernel.ROUNDS + 64);
  }

  private void theta() {
    parities();
    for (int x = 0; x < 5; x++) {
      int rotated = rotatedParity(x);
      for (int y = 0; y < 25; y += 5) {
        mix(x + y, x, rotated);
      }
    }
  }

  private void parities() {
    for (int x = 0; x < 5; x++) {
      // a copy costs no vector unit where two XORs cost two
      a.registers(LOAD, Z, FREE + x, 0, x);
      a.registers(TERNARY, Z, FREE + x, x + 5, x + 10, XOR3);
      a.registers(TERNARY, Z, FREE + x, x + 15, x + 20, XOR3);
    }
  }

  /** The register with the parity of the column after x, rotated. */
  private int rotatedParity(int x) {
    int rotated = FREE + 5 + (x & 1);
    rotate(rotated, FREE + (x + 1) % 5, 1);
    return rotated;
  }

  private void mix(int lane, int x, int rotated) {
    a.registers(TERNARY, Z, lane, FREE + (x + 4) % 5, rotated, XOR3);
  }

  /** Lane x + 5 y goes to y + 5 (2 x + 3 y): one cycle of 24 lanes, walked backwards. */
  private void rhoAndPi() {
    int[] cycle = new int[24];
    cycle[0] = 1;
    for (int i = 1; i < 24; i++) {
      int x = cycle[i - 1] % 5;
      int y = cycle[i - 1] / 5;
      cycle[i] = y + 5 * ((2 * x + 3 * y) % 5);
    }
    rotate(FREE, cycle[23], RHO[cycle[23]]);
    for (int i = 23; i > 0; i--) {
      if (multishift && (i & 1) == 1) {
        multishift(cycle[i], cycle[i - 1], FREE + 4 + (i >> 1) % 3);
      } else {
        rotate(cycle[i], cycle[i - 1], RHO[cycle[i - 1]]);
      }
    }
    a.registers(LOAD, Z, cycle[0], 0, FREE);
  }

  private void multishift(int to, int lane, int control) {
    a.memory(LOAD, Z, control, 0, Registers.TABLE, CONTROLS + 64 * lane);
    a.registers(MULTISHIFT, Z, to, control, lane);
  }

  /** Four lanes are the hash: they come of five, those that pi takes to the first row. */
  private void lastRound() {
    parities();
    for (int x = 0; x < 5; x++) {
      mix(6 * x, x, rotatedParity(x));
    }
    for (int x = 1; x < 5; x++) {
      rotate(x, 6 * x, RHO[6 * x]);
    }
    a.registers(LOAD, Z, FREE, 0, 0);
    for (int x = 0; x < 4; x++) {
      a.registers(TERNARY, Z, x, x + 1, x == 3 ? FREE : x + 2, CHI);
    }
    a.memory(XOR, Z, 0, 0, Registers.ROW, 0);
  }

  private void chi() {
    for (int row = 0; row < 25; row += 5) {
      int first = FREE + (row & 1) * 2;
      a.registers(LOAD, Z, first, 0, row);
      a.registers(LOAD, Z, first + 1, 0, row + 1);
      a.registers(TERNARY, Z, row, row + 1, row + 2, CHI);
      a.registers(TERNARY, Z, row + 1, row + 2, row + 3, CHI);
      a.registers(TERNARY, Z, row + 2, row + 3, row + 4, CHI);
      a.registers(TERNARY, Z, row + 3, row + 4, first, CHI);
      a.registers(TERNARY, Z, row + 4, first, first + 1, CHI);
    }
  }

  /** Lanes 0 to 3 of the eight states become eight hashes. */
  private void squeeze() {
    a.registers(UNPACK_LOW_64, Z, 16, 0, 1);
    a.registers(UNPACK_HIGH_64, Z, 17, 0, 1);
    a.registers(UNPACK_LOW_64, Z, 18, 2, 3);
    a.registers(UNPACK_HIGH_64, Z, 19, 2, 3);
    for (int half = 0; half < 2; half++) {
      int which = half == 0 ? 0x44 : 0xee;
      a.registers(SHUFFLE_128, Z, FREE, 16, 18, which);
      a.registers(SHUFFLE_128, Z, FREE + 1, 17, 19, which);
      a.registers(SHUFFLE_128, Z, 0, FREE, FREE + 1, 0x88);
      a.registers(SHUFFLE_128, Z, 1, FREE, FREE + 1, 0xdd);
      a.memory(FLOAT_STORE, Z, 0, 0, Registers.OUT, 128 * half);
      a.memory(FLOAT_STORE, Z, 1, 0, Registers.OUT, 128 * half + 64);
    }
  }

  private void rotate(int to, int from, int bits) {
    a.registers(ROTATE_LEFT_64, Z, 1, to, from, bits);
  }
}
