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
import static opml.inference.emitted.PairGroup.LANES;

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
  // argument block
  static final int WEIGHTS = 0;
  static final int SCALES = 8;
  static final int MINIMA = 16;
  static final int OUT = 24;
  static final int ROWS = 32;
  static final int TABLE = 40;
  static final int GROUPS = 48;
  static final int STRIDE = 56;
  static final int FOURS = 64;
  static final int NAN = 72;
  static final int MASK = 96;
  static final int TAIL_MASK = 128;
  static final int HALVES_ORDER = 144;
  static final int BYTES_ORDER = 160;
  static final int TWO_ORDER = 176;
  static final int ONE_ORDER = 192;
  static final int PARTS = 224;
  static final int ARGUMENT_BYTES = PARTS + 32 * 8 * PairTable.PASS;

  private final Assembler a = new Assembler(Level.AVX2);
  private final PairGroup group;
  private final Form form;
  private final int blocks;
  private final int tail;
  private final int vectors;

  /**
   * Plans a kernel.
   *
   * @param blocks blocks of 32 of a row
   * @param vectors activation vectors: 1 to {@link PairTable#PASS}
   */
  PairRows(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    tail = blocks & 7;
    group = new PairGroup(a, form, vectors);
  }

  byte[] emit() {
    a.load(RSI, RDI, WEIGHTS);
    a.load(RDX, RDI, SCALES);
    a.load(RCX, RDI, MINIMA);
    a.load(R8, RDI, OUT);
    a.load(R10, RDI, TABLE);
    group.constants();
    if (vectors == 1) {
      repeat(FOURS, this::fourRows);
    }
    repeat(ROWS, this::row);
    a.leave();
    return a.code();
  }

  /** A loop that is run as often as the argument block says, perhaps never. */
  private void repeat(int count, Runnable body) {
    a.load(R9, RDI, count);
    a.add(R9, 0);
    int none = a.ifZero();
    int loop = a.here();
    body.run();
    a.add(R9, -1);
    a.loopTo(loop);
    a.land(none);
  }

  /** All whole groups of a row. */
  private void groups(int lanes) {
    a.copy(R11, R10);
    for (int v = 0; v < vectors; v++) {
      group.zero(lanes + v);
    }
    if (blocks < 8) {
      return;
    }
    a.load(RAX, RDI, GROUPS);
    int loop = a.here();
    group.emit(8, lanes);
    a.add(R11, PairTable.groupBytes(form) * vectors);
    a.add(RAX, -1);
    a.loopTo(loop);
  }

  private void row() {
    groups(LANES);
    if (tail > 0) {
      group.emit(tail, LANES);
    }
    a.copy(RAX, R8);
    for (int v = 0; v < vectors; v++) {
      finish(LANES + v);
      a.addFrom(RAX, RDI, STRIDE);
    }
    a.add(R8, 4);
  }

  private void fourRows() {
    for (int r = 0; r < 4; r++) {
      groups(LANES + r);
      if (tail > 0 && r < 3) {
        skip();
      }
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
      group.pair(blocks, b, b + 1 < tail, LANES + b / 2);
    }
    if (tail > 0) {
      skip();
    }
    op(Instruction.FLOAT_ADD, 4, 12, 14);
    op(Instruction.FLOAT_ADD, 5, 13, 15);
    op(Instruction.FLOAT_ADD, 4, 4, 5);
    a.registers(Instruction.EXTRACT_128, Y, 4, 0, 5, 1);
    a.registers(Instruction.FLOAT_ADD, X, 4, 4, 5);
    // NaN canonical (INV-07)
    a.registers(Instruction.FLOAT_TEST, X, 5, 4, 4, 3);
    a.memory(Instruction.BROADCAST, X, 6, 0, RDI, NAN);
    a.registers(Instruction.FLOAT_BLEND_BY_SIGN, X, 4, 4, 6, 5 << 4);
    a.memory(Instruction.FLOAT_STORE, X, 4, 0, R8, 0);
    a.add(R8, 16);
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  /** From a row's rest to the next row. */
  private void skip() {
    a.add(RSI, tail * form.blockBytes);
    a.add(RDX, 2 * tail);
    if (form.minima) {
      a.add(RCX, 2 * tail);
    }
  }

  /** Stores ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)), NaN canonical (INV-07). */
  private void finish(int lanes) {
    a.registers(Instruction.SHUFFLE_32, Y, 4, 0, lanes, 0x4e);
    op(Instruction.FLOAT_ADD, 5, lanes, 4);
    a.registers(Instruction.SHUFFLE_32, Y, 4, 0, 5, 0x55);
    op(Instruction.FLOAT_ADD, 5, 5, 4);
    a.registers(Instruction.EXTRACT_128, Y, 5, 0, 4, 1);
    a.registers(Instruction.FLOAT_ADD, X, 5, 5, 4);
    a.memory(Instruction.SCALAR_STORE, X, 5, 0, RAX, 0);
    a.registers(Instruction.FLOAT_COMPARE, X, 5, 0, 5);
    int ordered = a.unlessUnordered();
    a.storeInt(RAX, 0, 0x7fc00000);
    a.land(ordered);
  }
}
