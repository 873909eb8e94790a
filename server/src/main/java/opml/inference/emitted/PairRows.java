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

/**
 * Emits the product of matrix rows with some activation vectors for AVX2: weights become 16-bit
 * integers, multiplied in pairs with the activations as they are. Sums wrap at 32 bits as the plain
 * form's do, so any activation will do. Eight blocks give eight float terms, added to the lanes in
 * the order of docs/protocol.md section 8.
 */
final class PairRows {
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
  static final int TAIL_MASK = 96;
  static final int HALVES_ORDER = 112;
  static final int BYTES_ORDER = 128;
  static final int PARTS = 160;
  static final int ARGUMENT_BYTES = PARTS + 32 * 8 * PairTable.PASS;

  private static final int AHEAD = 2048;

  /** Registers: sums of the group, of second halves, what the group shares, lanes. */
  private static final int FIRST = 4;

  private static final int SECOND = 8;
  private static final int LANES = 12;

  private final Assembler a = new Assembler(Level.AVX2);
  private final Form form;
  private final int tail;
  private final int vectors;
  private final int mask;

  /**
   * Plans a kernel.
   *
   * @param tail blocks of the last, partial group: 0 to 7
   * @param vectors activation vectors: 1 to {@link PairTable#PASS}
   */
  PairRows(Form form, int tail, int vectors) {
    this.form = form;
    this.tail = tail;
    this.vectors = vectors;
    mask = vectors == 1 ? 13 : 11;
  }

  byte[] emit() {
    a.load(RSI, RDI, WEIGHTS);
    a.load(RDX, RDI, SCALES);
    a.load(RCX, RDI, MINIMA);
    a.load(R8, RDI, OUT);
    a.load(R9, RDI, ROWS);
    a.load(R10, RDI, TABLE);
    int row = a.here();
    a.copy(R11, R10);
    for (int v = 0; v < vectors; v++) {
      op(Instruction.XOR, LANES + v, LANES + v, LANES + v);
    }
    if (vectors == 1) {
      constants();
    }
    a.load(RAX, RDI, GROUPS);
    a.add(RAX, 0);
    int skip = a.ifZero();
    int group = a.here();
    group(8);
    a.add(R11, PairTable.groupBytes(form) * vectors);
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

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  private void add(int to, int x) {
    op(Instruction.ADD, to, to, x);
  }

  private void constants() {
    if (form.nibbles) {
      a.memory(Instruction.LOAD, Y, mask, 0, RDI, MASK);
    }
  }

  private void group(int blocks) {
    if (vectors > 1) {
      constants();
    }
    int bytes = blocks * form.blockBytes;
    for (int i = 0; i < bytes; i += 64) {
      a.prefetch(RSI, AHEAD + i);
    }
    int loads = (bytes + 31) / 32;
    for (int i = 0; i < loads; i++) {
      weights(i);
      for (int v = 0; v < vectors; v++) {
        products(i, v);
      }
    }
    int sources = form.nibbles ? 4 : 8;
    if (vectors == 1) {
      for (int i = loads; i < sources; i++) {
        zero(FIRST + i);
        if (form.nibbles && form.halves()) {
          zero(SECOND + i);
        }
      }
      fold(0, loads);
      shared(blocks);
      terms(0);
    } else {
      shared(blocks);
      for (int v = 0; v < vectors; v++) {
        fold(v, loads);
        terms(v);
      }
    }
    a.add(RSI, bytes);
    a.add(RDX, 2 * blocks);
    if (form.thirdPlane() > 0) {
      a.add(RCX, form.thirdPlane() * blocks / 8);
    }
  }

  private void zero(int register) {
    op(Instruction.XOR, register, register, register);
  }

  /** 32 bytes of weights as 16-bit integers, four vectors of nibbles or two of bytes. */
  private void weights(int i) {
    if (form.nibbles) {
      a.memory(Instruction.LOAD, Y, 3, 0, RSI, 32 * i);
      op(Instruction.AND, 0, 3, mask);
      a.registers(Instruction.SHIFT_16, Y, 2, 1, 3, 4);
      op(Instruction.AND, 1, 1, mask);
      a.registers(Instruction.SHIFT_16, Y, 2, 2, 3, 8);
      op(Instruction.AND, 2, 2, mask);
      a.registers(Instruction.SHIFT_16, Y, 2, 3, 3, 12);
    } else {
      a.memory(Instruction.LOAD, Y, 1, 0, RSI, 32 * i);
      a.registers(Instruction.SHIFT_16, Y, 6, 0, 1, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, 0, 0, 8);
      a.registers(Instruction.SHIFT_16, Y, 4, 1, 1, 8);
    }
  }

  /** Multiplies what {@link #weights} left with a vector; sums go where {@link #fold} looks. */
  private void products(int i, int v) {
    int table = PairTable.groupBytes(form) * v + (form.nibbles ? 128 : 64) * i;
    int to = vectors == 1 ? FIRST + i : FIRST;
    if (!form.nibbles) {
      int other = vectors == 1 ? 0 : FIRST + 1;
      a.memory(Instruction.MULTIPLY_PAIRS, Y, to, 0, R11, table);
      a.memory(Instruction.MULTIPLY_PAIRS, Y, other, 1, R11, table + 32);
      add(to, other);
      keep(to, i, v);
      return;
    }
    int second = form.halves() ? vectors == 1 ? SECOND + i : SECOND : FIRST + 2;
    second = vectors == 1 && !form.halves() ? SECOND : second;
    a.memory(Instruction.MULTIPLY_PAIRS, Y, to, 0, R11, table);
    a.memory(Instruction.MULTIPLY_PAIRS, Y, second, 1, R11, table + 32);
    int t0 = vectors == 1 ? 0 : FIRST + 1;
    int t1 = vectors == 1 ? 1 : FIRST + 3;
    a.memory(Instruction.MULTIPLY_PAIRS, Y, t0, 2, R11, table + 64);
    a.memory(Instruction.MULTIPLY_PAIRS, Y, t1, 3, R11, table + 96);
    add(to, t0);
    add(second, t1);
    if (form.halves()) {
      keep(second, 4 + i, v);
    } else {
      add(to, second);
    }
    keep(to, i, v);
  }

  private void keep(int register, int i, int v) {
    if (vectors > 1) {
      a.memory(Instruction.FLOAT_STORE, Y, register, 0, RDI, part(i, v));
    }
  }

  private static int part(int i, int v) {
    return PARTS + 32 * (8 * v + i);
  }

  /** Sums of blocks in FIRST, of their second halves in SECOND for formats that need them. */
  private void fold(int v, int loads) {
    if (form.nibbles) {
      four(FIRST, 0, v, loads);
      if (form.halves()) {
        four(SECOND, 4, v, loads);
      }
      return;
    }
    four(FIRST, 0, v, loads);
    four(SECOND, 4, v, loads - 4);
    int temporary = vectors == 1 ? 0 : 5;
    a.registers(Instruction.PERMUTE_128, Y, temporary, FIRST, SECOND, 0x20);
    a.registers(Instruction.PERMUTE_128, Y, SECOND, FIRST, SECOND, 0x31);
    if (form.halves()) {
      op(Instruction.LOAD, FIRST, 0, temporary);
    } else {
      op(Instruction.ADD, FIRST, temporary, SECOND);
    }
  }

  /** Four vectors of which {@code present} are there: 32-bit lane i of a half is a sum of i's. */
  private void four(int to, int first, int v, int present) {
    if (vectors == 1) {
      join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to, to + 1, 0);
      join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to + 2, to + 3, 1);
      join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, to, to + 2, 0);
      return;
    }
    two(to, first, v, present);
    two(6, first + 2, v, present - 2);
    join(Instruction.UNPACK_LOW_64, Instruction.UNPACK_HIGH_64, to, 6, 5);
  }

  private void two(int to, int first, int v, int present) {
    if (present <= 0) {
      zero(to);
      return;
    }
    a.memory(Instruction.LOAD, Y, to, 0, RDI, part(first, v));
    int temporary = to == 6 ? 7 : 5;
    if (present == 1) {
      zero(temporary);
      join(Instruction.UNPACK_LOW_32, Instruction.UNPACK_HIGH_32, to, temporary, 11);
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
   * formats: scales in 0 and 1 or scales and minima, factors in 2 and 3, in Q2_K minima in 9 and
   * 10.
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
    if (form.nibbles) {
      a.memory(Instruction.SHUFFLE_BYTES, X, 0, 0, RDI, BYTES_ORDER);
    }
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
    if (blocks == 8 && !form.nibbles) {
      a.memory(Instruction.FROM_HALF, Y, to, 0, base, 0);
      return;
    }
    a.memory(Instruction.LOAD, X, to, 0, base, 0);
    if (blocks < 8) {
      a.memory(Instruction.AND, X, to, to, RDI, TAIL_MASK);
    }
    if (form.nibbles) {
      a.memory(Instruction.SHUFFLE_BYTES, X, to, to, RDI, HALVES_ORDER);
    }
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  private void factor(int to, int at) {
    a.memory(Instruction.BROADCAST_16, X, to, 0, RCX, at);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  /** lanes += what docs/protocol.md section 8 makes of the sums in FIRST and SECOND. */
  private void terms(int v) {
    int table = PairTable.groupBytes(form) * v;
    int t = 5;
    switch (form) {
      case Q4_0, Q8_0 -> {
        if (form == Form.Q4_0) {
          memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
        }
        scaled(t, 0, table);
      }
      case Q4_1, Q5_1 -> {
        op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
        memory(Instruction.FLOAT_MULTIPLY, t, 0, table + PairTable.SCALE);
        op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, t);
        memory(Instruction.FLOAT_MULTIPLY, t, 1, table + PairTable.EXTRA);
        op(Instruction.FLOAT_ADD, FIRST, FIRST, t);
      }
      case Q4_K, Q5_K -> {
        op(Instruction.MULTIPLY_32, FIRST, FIRST, 0);
        memory(Instruction.MULTIPLY_32, t, 1, table + PairTable.EXTRA);
        difference(t, table);
      }
      case Q6_K, Q3_K -> {
        if (form == Form.Q3_K) {
          memory(Instruction.SUBTRACT, FIRST, FIRST, table + PairTable.EXTRA);
          memory(Instruction.SUBTRACT, SECOND, SECOND, table + PairTable.SECOND_EXTRA);
        }
        weighted(FIRST, SECOND, 0, 1);
        scaled(t, 2, table);
      }
      case Q2_K -> {
        weighted(FIRST, SECOND, 0, 1);
        memory(Instruction.MULTIPLY_32, t, 9, table + PairTable.EXTRA);
        memory(Instruction.MULTIPLY_32, 6, 10, table + PairTable.SECOND_EXTRA);
        add(t, 6);
        difference(t, table);
      }
    }
    op(Instruction.FLOAT_ADD, LANES + v, LANES + v, FIRST);
  }

  private void memory(Instruction i, int to, int x, int at) {
    a.memory(i, Y, to, x, R11, at);
  }

  /** x = x * s + y * t. */
  private void weighted(int x, int y, int s, int t) {
    op(Instruction.MULTIPLY_32, x, x, s);
    op(Instruction.MULTIPLY_32, y, y, t);
    add(x, y);
  }

  /** FIRST = (float) FIRST * (d * dx). */
  private void scaled(int t, int d, int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    memory(Instruction.FLOAT_MULTIPLY, t, d, table + PairTable.SCALE);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, t);
  }

  /** FIRST = ((float) FIRST * f - (float) t * g) * dx. */
  private void difference(int t, int table) {
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    op(Instruction.TO_FLOAT, t, 0, t);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 2);
    op(Instruction.FLOAT_MULTIPLY, t, t, 3);
    op(Instruction.FLOAT_SUBTRACT, FIRST, FIRST, t);
    memory(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, table + PairTable.SCALE);
  }

  /** Stores ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)), NaN canonical (INV-07). */
  private void finish(int lanes) {
    if (form.nibbles) {
      // lanes 0, 2, 4, 6 are the lower half
      a.registers(Instruction.SHUFFLE_32, Y, 4, 0, lanes, 0x4e);
      op(Instruction.FLOAT_ADD, 5, lanes, 4);
      a.registers(Instruction.SHUFFLE_32, Y, 4, 0, 5, 0x55);
      op(Instruction.FLOAT_ADD, 5, 5, 4);
      a.registers(Instruction.EXTRACT_128, Y, 5, 0, 4, 1);
      a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    } else {
      a.registers(Instruction.EXTRACT_128, Y, lanes, 0, 4, 1);
      a.registers(Instruction.FLOAT_ADD, X, 5, lanes, 4);
      a.registers(Instruction.SHUFFLE_32, X, 4, 0, 5, 0x4e);
      a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
      a.registers(Instruction.SHUFFLE_32, X, 4, 0, 5, 0x55);
      a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    }
    a.memory(Instruction.SCALAR_STORE, X, 5, 0, RAX, 0);
    a.registers(Instruction.FLOAT_COMPARE, X, 5, 0, 5);
    int ordered = a.unlessUnordered();
    a.storeInt(RAX, 0, 0x7fc00000);
    a.land(ordered);
  }
}
