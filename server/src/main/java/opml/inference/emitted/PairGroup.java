package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;

/**
 * Emits the parts of what eight blocks of a row add to its lanes. Sums are folded in registers 4 to
 * 8; what they are multiplied with is in 0 to 3, 9 and 10.
 */
final class PairGroup {
  /** Sums of blocks, or of their first halves; two, four or eight registers from here. */
  static final int FIRST = 4;

  /** Sums of second halves, and of odd blocks of bytes. */
  static final int SECOND = 8;

  /** For {@link #PairGroup}: the mask of nibbles is read where it is used. */
  static final int NO_REGISTER = -1;

  private static final int AHEAD = 2048;

  private final Assembler a;
  private final Form form;
  private final int mask;

  /** Emits with a register for the mask of nibbles. */
  PairGroup(Assembler a, Form form, int mask) {
    this.a = a;
    this.form = form;
    this.mask = mask;
  }

  /** Loads what stays in registers. */
  void constants() {
    if (mask != NO_REGISTER) {
      a.memory(Instruction.LOAD, Y, mask, 0, RDI, PairArguments.MASK);
    }
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  private void add(int to, int x) {
    op(Instruction.ADD, to, to, x);
  }

  void zero(int register) {
    op(Instruction.XOR, register, register, register);
  }

  /** Brings the weights that come a little later closer. */
  void prefetch(int base, int bytes) {
    for (int i = 0; i < bytes; i += 64) {
      a.prefetch(RSI, base + AHEAD + i);
    }
  }

  /** 32 bytes of weights as 16-bit integers in registers: nibbles in four, bytes in two. */
  void weights(int first, int at) {
    if (form.nibbles) {
      a.memory(Instruction.LOAD, Y, first + 3, 0, RSI, at);
      nibble(first, first + 3);
      a.registers(Instruction.SHIFT_16, Y, 2, first + 1, first + 3, 4);
      nibble(first + 1, first + 1);
      a.registers(Instruction.SHIFT_16, Y, 2, first + 2, first + 3, 8);
      nibble(first + 2, first + 2);
      a.registers(Instruction.SHIFT_16, Y, 2, first + 3, first + 3, 12);
    } else {
      a.memory(Instruction.LOAD, Y, first + 1, 0, RSI, at);
      a.registers(Instruction.SHIFT_16, Y, 6, first, first + 1, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, first, first, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, first + 1, first + 1, 8);
    }
  }

  private void nibble(int to, int from) {
    if (mask == NO_REGISTER) {
      a.memory(Instruction.AND, Y, to, from, RDI, PairArguments.MASK);
    } else {
      op(Instruction.AND, to, from, mask);
    }
  }

  /** Products with one vector; uses up the weights, {@code second} only where halves count. */
  void products(int to, int second, int table) {
    if (!form.nibbles) {
      multiply(to, 0, table);
      multiply(0, 1, table + 32);
      add(to, 0);
      return;
    }
    for (int k = 0; k < 4; k++) {
      multiply(k, k, table + 32 * k);
    }
    if (form.halves()) {
      op(Instruction.ADD, to, 0, 2);
      op(Instruction.ADD, second, 1, 3);
    } else {
      add(0, 2);
      add(1, 3);
      op(Instruction.ADD, to, 0, 1);
    }
  }

  private void multiply(int to, int weights, int table) {
    a.memory(Instruction.MULTIPLY_PAIRS, Y, to, weights, R11, table);
  }

  /** Clears the sums of blocks that a row's rest lacks. */
  void missing(int blocks) {
    for (int i = (blocks + 1) / 2; i < 4; i++) {
      zero(FIRST + i);
    }
    for (int i = blocks / 2; i < 4 && !form.nibbles; i++) {
      zero(SECOND + i);
    }
  }

  /** Sums of blocks from registers into FIRST, of second halves into SECOND. */
  void fold() {
    four(FIRST);
    if (form.halves() || !form.nibbles) {
      four(SECOND);
    }
    halves();
  }

  /** Sums of blocks of nibbles from the four registers at SECOND into FIRST. */
  void foldSecond() {
    four(SECOND);
    op(Instruction.LOAD, FIRST, 0, SECOND);
  }

  /** The same as {@link #fold()} from eight sums in the argument block. */
  void fold(int sums, int blocks) {
    four(FIRST, sums, (blocks + 1) / 2);
    if (form.halves() || !form.nibbles) {
      four(SECOND, sums + 128, form.nibbles ? 4 : blocks / 2);
    }
    halves();
  }

  /** Bytes: a block's halves lie in both halves of a register. */
  private void halves() {
    if (form.nibbles) {
      return;
    }
    a.registers(Instruction.PERMUTE_128, Y, 5, FIRST, SECOND, 0x20);
    a.registers(Instruction.PERMUTE_128, Y, SECOND, FIRST, SECOND, 0x31);
    if (form.halves()) {
      op(Instruction.LOAD, FIRST, 0, 5);
    } else {
      op(Instruction.ADD, FIRST, 5, SECOND);
    }
  }

  /** Four vectors: 32-bit lane i of a half becomes the sum of that half of vector i. */
  private void four(int to) {
    join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to, to + 1, 0);
    join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to + 2, to + 3, 1);
    join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, to, to + 2, 0);
  }

  /** The same from memory, where only {@code present} vectors are. */
  private void four(int to, int sums, int present) {
    two(to, 5, sums, present);
    two(6, 7, sums + 64, present - 2);
    join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, to, 6, 5);
  }

  private void two(int to, int temporary, int sums, int present) {
    if (present <= 0) {
      zero(to);
      return;
    }
    a.memory(Instruction.LOAD, Y, to, 0, RDI, sums);
    if (present == 1) {
      zero(temporary);
      join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to, temporary, 9);
      return;
    }
    a.memory(Instruction.UNPACK_LOW_32, Y, temporary, to, RDI, sums + 32);
    a.memory(Instruction.UNPACK_HIGH_32, Y, to, to, RDI, sums + 32);
    add(to, temporary);
  }

  /** x = low(x, y) + high(x, y). */
  private void join(Instruction low, Instruction high, int x, int y, int temporary) {
    op(low, temporary, x, y);
    op(high, x, x, y);
    add(x, temporary);
  }

  /** To the group that follows {@code blocks} blocks. */
  void advance(int blocks) {
    a.add(RSI, blocks * form.blockBytes);
    a.add(RDX, 2 * blocks);
    if (form.thirdPlane() > 0) {
      a.add(RCX, form.thirdPlane() * blocks / 8);
    }
  }
}
