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
import static opml.inference.emitted.PairGroup.FIRST;
import static opml.inference.emitted.PairGroup.SECOND;

/**
 * Emits the product of matrix rows with some activation vectors for AVX2: weights become 16-bit
 * integers, multiplied in pairs with the activations as they are. Sums wrap at 32 bits as the plain
 * form's do, so any activation will do. Eight blocks give eight float terms, added to the lanes in
 * the order of docs/protocol.md section 8; in registers lanes 0, 2, 4, 6 come first.
 *
 * <p>One vector meets four rows at a time: what is left of their blocks after the groups of eight
 * and the ends of the rows are worth a group's arithmetic each if done alone.
 */
final class PairRows {
  /** Rows that go together. */
  static final int TOGETHER = 4;

  private static final int LANES = 12;
  private static final int NIBBLE_MASK = 13;

  private final Assembler a = new Assembler(Level.AVX2);
  private final PairGroup group;
  private final PairTerms terms;
  private final PairGroup rest;
  private final Form form;
  private final int blocks;
  private final int tail;

  /** Plans a kernel for rows of so many blocks of 32. */
  PairRows(Form form, int blocks) {
    this.form = form;
    this.blocks = blocks;
    tail = blocks & 7;
    group = new PairGroup(a, form, NIBBLE_MASK);
    terms = new PairTerms(a, form);
    rest = new PairGroup(a, form, PairGroup.NO_REGISTER);
  }

  byte[] emit() {
    a.load(RSI, RDI, PairArguments.WEIGHTS);
    a.load(RDX, RDI, PairArguments.SCALES);
    a.load(RCX, RDI, PairArguments.MINIMA);
    a.load(R8, RDI, PairArguments.OUT);
    a.load(R10, RDI, PairArguments.TABLE);
    group.constants();
    repeat(a, PairArguments.MANY, this::fourRows);
    repeat(a, PairArguments.ROWS, this::row);
    a.leave();
    return a.code();
  }

  /** A loop that is run as often as the argument block says, perhaps never. */
  static void repeat(Assembler a, int count, Runnable body) {
    a.load(R9, RDI, count);
    a.add(R9, 0);
    int none = a.ifZero();
    int loop = a.here();
    body.run();
    a.add(R9, -1);
    a.loopTo(loop);
    a.land(none);
  }

  private void row() {
    groups();
    if (tail > 0) {
      group(tail);
      group.advance(tail);
    }
    finish(a, LANES, R8, 0);
    a.add(R8, 4);
  }

  /** All whole groups of a row. */
  private void groups() {
    a.copy(R11, R10);
    group.zero(LANES);
    int groups = blocks >> 3;
    boolean twos = form.nibbles && !form.halves();
    if (twos) {
      repeat(groups / 2, 2, this::twoGroups);
    }
    repeat(twos ? groups & 1 : groups, 1, () -> group(8));
  }

  private void repeat(int count, int groups, Runnable body) {
    if (count == 0) {
      return;
    }
    a.set(RAX, count);
    int loop = a.here();
    body.run();
    group.advance(8 * groups);
    a.add(R11, groups * PairTable.groupBytes(form));
    a.add(RAX, -1);
    a.loopTo(loop);
  }

  private void group(int count) {
    group.prefetch(0, count * form.blockBytes);
    products(FIRST, 0, 0, count);
    group.missing(count);
    group.fold();
    terms.shared(0, count);
    terms.emit(0);
    op(Instruction.FLOAT_ADD, LANES, LANES, FIRST);
  }

  private void products(int to, int weights, int table, int count) {
    int loads = form.nibbles ? (count + 1) / 2 : count;
    for (int i = 0; i < loads; i++) {
      int at = form.nibbles ? i : PairTable.lane(i);
      group.weights(0, weights + 32 * i);
      group.products(to + at, SECOND + at, table + (form.nibbles ? 128 : 64) * i);
    }
  }

  /** Both groups' products first: what is made of the sums then waits less for them. */
  private void twoGroups() {
    int bytes = 8 * form.blockBytes;
    int table = PairTable.groupBytes(form);
    group.prefetch(0, 2 * bytes);
    products(FIRST, 0, 0, 8);
    products(SECOND, bytes, table, 8);
    group.fold();
    terms.shared(0, 8);
    terms.emit(0);
    op(Instruction.FLOAT_ADD, LANES, LANES, FIRST);
    group.foldSecond();
    terms.shared(8, 8);
    terms.emit(table);
    op(Instruction.FLOAT_ADD, LANES, LANES, FIRST);
  }

  private void fourRows() {
    for (int r = 0; r < 4; r++) {
      groups();
      a.memory(Instruction.FLOAT_STORE, Y, LANES, 0, RDI, PairArguments.ROW_LANES + 32 * r);
      if (tail > 0 && r < 3) {
        group.advance(tail);
      }
    }
    for (int r = 0; r < 4; r++) {
      a.memory(Instruction.LOAD, Y, 12 + r, 0, RDI, PairArguments.ROW_LANES + 32 * r);
    }
    // register 12 + i becomes lane 2i of the four rows and, in its upper half, lane 2i + 1
    op(Instruction.UNPACK_LOW_32, 4, 12, 13);
    op(Instruction.UNPACK_HIGH_32, 5, 12, 13);
    op(Instruction.UNPACK_LOW_32, 6, 14, 15);
    op(Instruction.UNPACK_HIGH_32, 7, 14, 15);
    op(Instruction.UNPACK_LOW_64, 12, 4, 6);
    op(Instruction.UNPACK_HIGH_64, 13, 4, 6);
    op(Instruction.UNPACK_LOW_64, 14, 5, 7);
    op(Instruction.UNPACK_HIGH_64, 15, 5, 7);
    for (int b = 0; b < tail; b += 2) {
      pair(b, b + 1 < tail, LANES + b / 2);
    }
    if (tail > 0) {
      group.advance(tail);
    }
    op(Instruction.FLOAT_ADD, 4, 12, 14);
    op(Instruction.FLOAT_ADD, 5, 13, 15);
    op(Instruction.FLOAT_ADD, 4, 4, 5);
    a.registers(Instruction.EXTRACT_128, Y, 4, 0, 5, 1);
    a.registers(Instruction.FLOAT_ADD, X, 4, 4, 5);
    // NaN canonical (INV-07)
    a.registers(Instruction.FLOAT_TEST, X, 5, 4, 4, 3);
    a.memory(Instruction.BROADCAST, X, 6, 0, RDI, PairArguments.NAN);
    a.registers(Instruction.FLOAT_BLEND_BY_SIGN, X, 4, 4, 6, 5 << 4);
    a.memory(Instruction.FLOAT_STORE, X, 4, 0, R8, 0);
    a.add(R8, 16);
    group.constants();
  }

  /**
   * Two blocks, or the last one, of each of four rows; the pointers are at the rest of the fourth.
   * Lanes: those of the first block of all rows, then those of the second.
   *
   * @param block of the rest, even
   */
  private void pair(int block, boolean two, int lanes) {
    int loads = form.nibbles || !two ? 1 : 2;
    for (int r = 0; r < 4; r++) {
      int at = form.blockBytes * (block - (3 - r) * blocks);
      for (int i = 0; i < loads; i++) {
        rest.weights(0, at + 32 * i);
        rest.products(FIRST + 4 * i + r, 0, 64 * block + 64 * i);
      }
    }
    for (int r = 0; r < 4 && !form.nibbles && !two; r++) {
      rest.zero(SECOND + r);
    }
    rest.fold();
    int each = 0x55 * (block / 2);
    if (form == Form.Q4_0) {
      a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.EXTRA, each);
      op(Instruction.SUBTRACT, FIRST, FIRST, 5);
    }
    op(Instruction.TO_FLOAT, FIRST, 0, FIRST);
    fourHalves(0, RDX, block, two);
    a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.SCALE, each);
    op(Instruction.FLOAT_MULTIPLY, 5, 0, 5);
    op(Instruction.FLOAT_MULTIPLY, FIRST, FIRST, 5);
    if (form.minima) {
      fourHalves(1, RCX, block, two);
      a.memory(Instruction.SHUFFLE_32, Y, 5, 0, R11, PairTable.EXTRA, each);
      op(Instruction.FLOAT_MULTIPLY, 5, 1, 5);
      op(Instruction.FLOAT_ADD, FIRST, FIRST, 5);
    }
    op(Instruction.FLOAT_ADD, lanes, lanes, FIRST);
  }

  /** f16 values of two blocks, or of one and zeros, of four rows. */
  private void fourHalves(int to, int base, int block, boolean two) {
    for (int r = 0; r < 4; r++) {
      int at = 2 * (block - (3 - r) * blocks);
      if (r == 0) {
        a.memory(Instruction.LOAD_32, X, to, 0, base, at);
      } else {
        a.memory(Instruction.INSERT_32, X, to, to, base, at, r);
      }
    }
    int order = two ? PairArguments.TWO_ORDER : PairArguments.ONE_ORDER;
    a.memory(Instruction.SHUFFLE_BYTES, X, to, to, RDI, order);
    a.registers(Instruction.FROM_HALF, Y, to, 0, to);
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  /** Stores ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)), NaN canonical (INV-07). */
  static void finish(Assembler a, int lanes, int base, int at) {
    a.registers(Instruction.SHUFFLE_32, Y, 4, 0, lanes, 0x4e);
    a.registers(Instruction.FLOAT_ADD, Y, 5, lanes, 4);
    a.registers(Instruction.SHUFFLE_32, Y, 4, 0, 5, 0x55);
    a.registers(Instruction.FLOAT_ADD, Y, 5, 5, 4);
    a.registers(Instruction.EXTRACT_128, Y, 5, 0, 4, 1);
    a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    a.memory(Instruction.SCALAR_STORE, X, 5, 0, base, at);
    a.registers(Instruction.FLOAT_COMPARE, X, 5, 0, 5);
    int ordered = a.unlessUnordered();
    a.storeInt(base, at, 0x7fc00000);
    a.land(ordered);
  }
}
