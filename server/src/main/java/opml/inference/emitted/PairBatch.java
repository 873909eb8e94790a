package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RCX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;
import static opml.inference.emitted.PairGroup.FIRST;

/**
 * Like {@link PairRows} for some vectors: two rows are unpacked once for all of them, and what a
 * vector gives is loaded once for both rows. Sums and lanes wait in the argument block.
 */
final class PairBatch {
  /** Rows that go together. */
  static final int TOGETHER = 2;

  /** Vectors beyond which a panel is faster. */
  static final int MOST = 6;

  private static final int SUMS = PairArguments.BYTES;
  private static final int LANES = SUMS + 256 * TOGETHER * MOST;
  static final int ARGUMENT_BYTES = LANES + 32 * TOGETHER * MOST;

  private static final int MASK = 11;

  /** What a vector gives; then products with the first row, with the second. */
  private static final int ACTIVATIONS = 8;

  private static final int PRODUCTS = 12;

  private final Assembler a = new Assembler(Level.AVX2);
  private final PairGroup group;
  private final PairTerms terms;
  private final Form form;
  private final int blocks;
  private final int vectors;

  /** Plans a kernel for rows of so many blocks of 32 and 2 to {@link #MOST} vectors. */
  PairBatch(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    group = new PairGroup(a, form, MASK);
    terms = new PairTerms(a, form);
  }

  byte[] emit() {
    a.load(RSI, RDI, PairArguments.WEIGHTS);
    a.load(RDX, RDI, PairArguments.SCALES);
    a.load(RCX, RDI, PairArguments.MINIMA);
    a.load(R8, RDI, PairArguments.OUT);
    a.load(R10, RDI, PairArguments.TABLE);
    group.constants();
    PairRows.repeat(a, PairArguments.MANY, () -> rows(TOGETHER));
    PairRows.repeat(a, PairArguments.ROWS, () -> rows(1));
    a.leave();
    return a.code();
  }

  private void rows(int rows) {
    a.copy(R11, R10);
    group.zero(FIRST);
    for (int i = 0; i < rows * vectors; i++) {
      a.memory(Instruction.FLOAT_STORE, Y, FIRST, 0, RDI, lanes(i / vectors, i % vectors));
    }
    if (blocks >= 8) {
      a.set(RAX, blocks >> 3);
      int loop = a.here();
      group(rows, 8);
      a.add(R11, PairTable.groupBytes(form) * vectors);
      a.add(RAX, -1);
      a.loopTo(loop);
    }
    if ((blocks & 7) > 0) {
      group(rows, blocks & 7);
    }
    group.advance((rows - 1) * blocks);
    a.copy(RAX, R8);
    for (int v = 0; v < vectors; v++) {
      for (int r = 0; r < rows; r++) {
        a.memory(Instruction.LOAD, Y, 6, 0, RDI, lanes(r, v));
        PairRows.finish(a, 6, RAX, 4 * r);
      }
      a.addFrom(RAX, RDI, PairArguments.STRIDE);
    }
    a.add(R8, 4 * rows);
  }

  private static int lanes(int row, int v) {
    return LANES + 32 * (row * MOST + v);
  }

  private static int sums(int row, int v) {
    return SUMS + 256 * (row * MOST + v);
  }

  private void group(int rows, int count) {
    int loads = form.nibbles ? (count + 1) / 2 : count;
    for (int r = 0; r < rows; r++) {
      group.prefetch(r * blocks * form.blockBytes, count * form.blockBytes);
    }
    for (int i = 0; i < loads; i++) {
      for (int r = 0; r < rows; r++) {
        group.weights(4 * r, r * blocks * form.blockBytes + 32 * i);
      }
      for (int v = 0; v < vectors; v++) {
        products(rows, i, v);
      }
    }
    for (int r = 0; r < rows; r++) {
      terms.shared(r * blocks, count);
      for (int v = 0; v < vectors; v++) {
        group.fold(sums(r, v), count);
        terms.emit(PairTable.groupBytes(form) * v);
        a.memory(Instruction.FLOAT_ADD, Y, FIRST, FIRST, RDI, lanes(r, v));
        a.memory(Instruction.FLOAT_STORE, Y, FIRST, 0, RDI, lanes(r, v));
      }
    }
    group.advance(count);
  }

  /** Products of 32 bytes of each row with a vector, summed up as {@link PairGroup} wants them. */
  private void products(int rows, int load, int v) {
    int parts = form.nibbles ? 4 : 2;
    int table = PairTable.groupBytes(form) * v + 32 * parts * load;
    boolean halves = form.nibbles && form.halves();
    for (int k = 0; k < parts; k++) {
      a.memory(Instruction.LOAD, Y, ACTIVATIONS, 0, R11, table + 32 * k);
      for (int r = 0; r < rows; r++) {
        int sum = ACTIVATIONS + 1 + r;
        boolean first = k == 0;
        int to = first ? sum : PRODUCTS + r;
        if (halves && (k & 1) == 1) {
          // 14 and 15 are the sums of second halves
          to = k == 1 ? PRODUCTS + 2 + r : PRODUCTS + r;
          sum = PRODUCTS + 2 + r;
          first = k == 1;
        }
        a.registers(Instruction.MULTIPLY_PAIRS, Y, to, ACTIVATIONS, 4 * r + k);
        if (!first) {
          a.registers(Instruction.ADD, Y, sum, sum, to);
        }
      }
    }
    int part = form.nibbles ? load : PairTable.lane(load);
    for (int r = 0; r < rows; r++) {
      int at = sums(r, v) + 32 * part;
      a.memory(Instruction.FLOAT_STORE, Y, ACTIVATIONS + 1 + r, 0, RDI, at);
      if (halves) {
        a.memory(Instruction.FLOAT_STORE, Y, PRODUCTS + 2 + r, 0, RDI, at + 128);
      }
    }
  }
}
