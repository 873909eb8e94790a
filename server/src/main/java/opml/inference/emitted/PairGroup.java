package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

/**
 * Emits what eight blocks of a row add to its lanes. Registers 0 to 3 hold weights, then what the
 * group's sums are multiplied with; {@link #FIRST} and up sums; {@link #LANES} and up lanes.
 */
final class PairGroup {
  /** Sums of blocks, or of their first halves; two, four or eight registers from here. */
  static final int FIRST = 4;

  /** Sums of second halves, and of odd blocks of bytes. */
  static final int SECOND = 8;

  static final int LANES = 12;
  private static final int MASK = 11;
  private static final int AHEAD = 2048;

  private final Assembler a;
  private final Form form;
  private final int vectors;

  PairGroup(Assembler a, Form form, int vectors) {
    this.a = a;
    this.form = form;
    this.vectors = vectors;
  }

  /** Loads what stays in registers. */
  void constants() {
    if (!masksFromMemory()) {
      a.memory(Instruction.LOAD, Y, MASK, 0, RDI, PairRows.MASK);
    }
  }

  private boolean masksFromMemory() {
    return vectors == 1 && form.halves();
  }

  /** Adds a group, the row's last with fewer than eight blocks perhaps, to registers of lanes. */
  void emit(int blocks, int lanes) {
    int bytes = blocks * form.blockBytes;
    for (int i = 0; i < bytes; i += 64) {
      a.prefetch(RSI, AHEAD + i);
    }
    int loads = form.nibbles ? (blocks + 1) / 2 : blocks;
    for (int i = 0; i < loads; i++) {
      weights(32 * i);
      int part = form.nibbles ? i : PairTable.lane(i);
      for (int v = 0; v < vectors; v++) {
        int table = PairTable.groupBytes(form) * v + (form.nibbles ? 128 : 64) * i;
        if (vectors == 1) {
          products(FIRST + part, SECOND + part, table);
        } else {
          keepProducts(table, part, v);
        }
      }
    }
    if (vectors > 1) {
      shared(blocks);
    }
    for (int v = 0; v < vectors; v++) {
      if (vectors == 1) {
        missing(blocks);
        fold();
        shared(blocks);
      } else {
        fold(v, blocks);
      }
      terms(v, lanes + v);
    }
    a.add(RSI, bytes);
    a.add(RDX, 2 * blocks);
    if (form.thirdPlane() > 0) {
      a.add(RCX, form.thirdPlane() * blocks / 8);
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

  /** 32 bytes of weights as 16-bit integers, four vectors of nibbles or two of bytes. */
  void weights(int at) {
    if (form.nibbles) {
      a.memory(Instruction.LOAD, Y, 3, 0, RSI, at);
      nibble(0, 3);
      a.registers(Instruction.SHIFT_16, Y, 2, 1, 3, 4);
      nibble(1, 1);
      a.registers(Instruction.SHIFT_16, Y, 2, 2, 3, 8);
      nibble(2, 2);
      a.registers(Instruction.SHIFT_16, Y, 2, 3, 3, 12);
    } else {
      a.memory(Instruction.LOAD, Y, 1, 0, RSI, at);
      a.registers(Instruction.SHIFT_16, Y, 6, 0, 1, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, 0, 0, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, 1, 1, 8);
    }
  }

  private void nibble(int to, int from) {
    if (masksFromMemory()) {
      a.memory(Instruction.AND, Y, to, from, RDI, PairRows.MASK);
    } else {
      op(Instruction.AND, to, from, MASK);
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
    int other = form.halves() ? second : SECOND;
    multiply(to, 0, table);
    multiply(other, 1, table + 32);
    multiply(0, 2, table + 64);
    multiply(1, 3, table + 96);
    add(to, 0);
    add(other, 1);
    if (!form.halves()) {
      add(to, other);
    }
  }

  /** Products with one of some vectors, kept in memory. */
  private void keepProducts(int table, int part, int v) {
    multiply(4, 0, table);
    multiply(5, 1, table + 32);
    if (form.nibbles) {
      multiply(6, 2, table + 64);
      multiply(7, 3, table + 96);
      add(4, 6);
      add(5, 7);
    }
    if (form.nibbles && form.halves()) {
      a.memory(Instruction.FLOAT_STORE, Y, 5, 0, RDI, part(4 + part, v));
    } else {
      add(4, 5);
    }
    a.memory(Instruction.FLOAT_STORE, Y, 4, 0, RDI, part(part, v));
  }

  private void multiply(int to, int weights, int table) {
    a.memory(Instruction.MULTIPLY_PAIRS, Y, to, weights, R11, table);
  }

  private static int part(int i, int v) {
    return PairRows.PARTS + 32 * (8 * v + i);
  }

  private void missing(int blocks) {
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

  private void fold(int v, int blocks) {
    four(FIRST, 0, v, (blocks + 1) / 2);
    if (form.halves() || !form.nibbles) {
      four(SECOND, 4, v, form.nibbles ? 4 : blocks / 2);
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
  private void four(int to, int first, int v, int present) {
    two(to, 5, first, v, present);
    two(6, 7, first + 2, v, present - 2);
    join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, to, 6, 5);
  }

  private void two(int to, int temporary, int first, int v, int present) {
    if (present <= 0) {
      zero(to);
      return;
    }
    a.memory(Instruction.LOAD, Y, to, 0, RDI, part(first, v));
    if (present == 1) {
      zero(temporary);
      join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to, temporary, 9);
      return;
    }
    a.memory(Instruction.UNPACK_LOW_32, Y, temporary, to, RDI, part(first + 1, v));
    a.memory(Instruction.UNPACK_HIGH_32, Y, to, to, RDI, part(first + 1, v));
    add(to, temporary);
  }

  /** x = low(x, y) + high(x, y). */
  private void join(Instruction low, Instruction high, int x, int y, int temporary) {
    op(low, temporary, x, y);
    op(high, x, x, y);
    add(x, temporary);
  }

  /**
   * What all vectors multiply the group's sums with. Blocks of 32: scales in 0, minima in 1. K
   * formats: scales in 0 and 1 or scales and minima, factors in 2 and 3, in Q2_K minima in 9, 10.
   */
  private void shared(int blocks) {
    if (!form.superBlocks()) {
      half(0, RDX, blocks);
      if (form.minima) {
        half(1, RCX, blocks);
      }
      return;
    }
    factor(2, 0);
    if (form.minima) {
      factor(3, 2);
    }
    a.memory(Instruction.LOAD, X, 0, 0, RDX, 0);
    a.memory(Instruction.SHUFFLE_BYTES, X, 0, 0, RDI, PairRows.BYTES_ORDER);
    a.registers(Instruction.SHUFFLE_32, X, 1, 0, 0, 0xee);
    Instruction widen =
        form == Form.Q6_K || form == Form.Q3_K
            ? Instruction.BYTES_TO_INTS
            : Instruction.UNSIGNED_BYTES_TO_INTS;
    op(widen, 0, 0, 0);
    op(widen, 1, 0, 1);
    if (form == Form.Q2_K) {
      for (int i = 0; i < 2; i++) {
        a.registers(Instruction.SHIFT_32, Y, 2, 9 + i, i, 4);
        a.registers(Instruction.SHIFT_32, Y, 6, i, i, 28);
        a.registers(Instruction.SHIFT_32, Y, 2, i, i, 28);
      }
    }
  }

  private void half(int to, int base, int blocks) {
    a.memory(Instruction.LOAD, X, to, 0, base, 0);
    if (blocks < 8) {
      a.memory(Instruction.AND, X, to, to, RDI, PairRows.TAIL_MASK);
    }
    a.memory(Instruction.SHUFFLE_BYTES, X, to, to, RDI, PairRows.HALVES_ORDER);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  private void factor(int to, int at) {
    a.memory(Instruction.BROADCAST_16, X, to, 0, RCX, at);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  /** lanes += what docs/protocol.md section 8 makes of the sums in FIRST and SECOND. */
  private void terms(int v, int lanes) {
    int table = PairTable.groupBytes(form) * v;
    switch (form) {
      case Q4_0 -> {
        memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
        scaled(0, table);
      }
      case Q8_0 -> scaled(0, table);
      case Q4_1, Q5_1 -> {
        scaled(0, table);
        memory(Instruction.FLOAT_MULTIPLY, 5, 1, table + PairTable.EXTRA);
        op(Instruction.FLOAT_ADD, FIRST, FIRST, 5);
      }
      case Q4_K, Q5_K -> {
        op(Instruction.MULTIPLY_32, FIRST, FIRST, 0);
        memory(Instruction.MULTIPLY_32, 5, 1, table + PairTable.EXTRA);
        difference(table);
      }
      case Q6_K -> {
        weighted();
        scaled(2, table);
      }
      case Q3_K -> {
        memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
        memory(Instruction.SUBTRACT, SECOND, SECOND, table + PairTable.SECOND_EXTRA);
        weighted();
        scaled(2, table);
      }
      case Q2_K -> {
        weighted();
        memory(Instruction.MULTIPLY_32, 5, 9, table + PairTable.EXTRA);
        memory(Instruction.MULTIPLY_32, 6, 10, table + PairTable.SECOND_EXTRA);
        add(5, 6);
        difference(table);
      }
    }
    op(Instruction.FLOAT_ADD, lanes, lanes, FIRST);
  }

  private void memory(Instruction i, int to, int x, int at) {
    a.memory(i, Y, to, x, R11, at);
  }

  /** FIRST = FIRST * scale + SECOND * scale. */
  private void weighted() {
    op(Instruction.MULTIPLY_32, FIRST, FIRST, 0);
    op(Instruction.MULTIPLY_32, SECOND, SECOND, 1);
    add(FIRST, SECOND);
  }

  /** FIRST = (float) FIRST * (d * dx). */
  private void scaled(int d, int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    memory(Instruction.FLOAT_MULTIPLY, 5, d, table + PairTable.SCALE);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 5);
  }

  /** FIRST = ((float) FIRST * f - (float) r5 * g) * dx. */
  private void difference(int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    op(Instruction.TO_FLOAT, 5, 0, 5);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 2);
    op(Instruction.FLOAT_MULTIPLY, 5, 5, 3);
    op(Instruction.FLOAT_SUBTRACT, FIRST, FIRST, 5);
    memory(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, table + PairTable.SCALE);
  }

  /**
   * Two blocks, or the last one, of each of four rows; the pointers are at the rest of the fourth.
   * Lanes: those of the first block of all rows, then those of the second.
   *
   * @param block of the rest, even
   */
  void pair(int rowBlocks, int block, boolean two, int lanes) {
    int loads = form.nibbles || !two ? 1 : 2;
    for (int r = 0; r < 4; r++) {
      int at = form.blockBytes * (block - (3 - r) * rowBlocks);
      for (int i = 0; i < loads; i++) {
        weights(at + 32 * i);
        products(FIRST + 4 * i + r, 0, 64 * block + 64 * i);
      }
    }
    for (int r = 0; r < 4 && !form.nibbles && !two; r++) {
      zero(SECOND + r);
    }
    fold();
    int each = 0x55 * (block / 2);
    if (form == Form.Q4_0) {
      a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.EXTRA, each);
      op(Instruction.SUBTRACT, FIRST, FIRST, 5);
    }
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    fourHalves(0, RDX, rowBlocks, block, two);
    a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.SCALE, each);
    op(Instruction.FLOAT_MULTIPLY, 5, 0, 5);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 5);
    if (form.minima) {
      fourHalves(1, RCX, rowBlocks, block, two);
      a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.EXTRA, each);
      op(Instruction.FLOAT_MULTIPLY, 5, 1, 5);
      op(Instruction.FLOAT_ADD, FIRST, FIRST, 5);
    }
    op(Instruction.FLOAT_ADD, lanes, lanes, FIRST);
  }

  /** f16 values of two blocks, or of one and zeros, of four rows. */
  private void fourHalves(int to, int base, int rowBlocks, int block, boolean two) {
    for (int r = 0; r < 4; r++) {
      int at = 2 * (block - (3 - r) * rowBlocks);
      if (r == 0) {
        a.memory(Instruction.LOAD_32, X, to, 0, base, at);
      } else {
        a.memory(Instruction.INSERT_32, X, to, to, base, at, r);
      }
    }
    int order = two ? PairRows.TWO_ORDER : PairRows.ONE_ORDER;
    a.memory(Instruction.SHUFFLE_BYTES, X, to, to, RDI, order);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }
}
