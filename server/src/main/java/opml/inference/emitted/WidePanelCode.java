package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Z;

/**
 * What {@link PanelCode} does, for AVX-512: the sixteen rows are lanes of one register, and 32
 * products with one pair of activations and their addition are one instruction.
 */
final class WidePanelCode {
  /** Vectors at a time: as many sums as hide the time that one addition takes. */
  static final int TOGETHER = 16;

  private static final int WEIGHTS = 16;
  private static final int SCALE = 18;
  private static final int MINIMUM = 19;
  private static final int FACTOR = 20;
  private static final int SECOND_FACTOR = 21;
  private static final int TERM = 22;

  private final Assembler a = new Assembler(Level.AVX512);
  private final Form form;
  private final int vectors;

  /** Sums of a vector, so that few vectors have as many additions under way. */
  private final int sums;

  /** Plans the code for 1 to {@link #TOGETHER} vectors at a time. */
  WidePanelCode(Form form, int vectors) {
    this.form = form;
    this.vectors = vectors;
    sums = Math.min(4, Integer.highestOneBit(TOGETHER / vectors));
  }

  byte[] emit() {
    return PanelLoop.emit(
        a,
        vectors,
        () -> {
          products();
          factors();
          for (int v = 0; v < vectors; v++) {
            terms(v);
          }
        });
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Z, to, x, y);
  }

  /** Register v = the sums of vector v; its other ones lie {@link #vectors} apart. */
  private void products() {
    for (int sum = 0; sum < vectors * sums; sum++) {
      op(Instruction.XOR, sum, sum, sum);
    }
    for (int pair = 0; pair < 16; pair++) {
      int weights = WEIGHTS + (pair & 1);
      a.memory(Instruction.LOAD, Z, weights, 0, RSI, 64 * pair);
      for (int v = 0; v < vectors; v++) {
        int sum = v + vectors * (pair % sums);
        int at = PanelTable.PANEL_BYTES * v + 4 * pair;
        a.broadcast(Instruction.DOT_SHORTS, Z, sum, weights, R11, at);
      }
    }
    for (int apart = sums / 2; apart > 0; apart /= 2) {
      for (int sum = 0; sum < vectors * apart; sum++) {
        op(Instruction.ADD, sum, sum, sum + vectors * apart);
      }
    }
  }

  /** What the sums of a block are multiplied with, for each row. */
  private void factors() {
    a.memory(Instruction.LOAD, Z, SCALE, 0, RSI, PanelArguments.SCALE);
    if (form.minima) {
      a.memory(Instruction.LOAD, Z, MINIMUM, 0, RSI, PanelArguments.MINIMUM);
    }
    if (form.minima && form.superBlocks()) {
      a.memory(Instruction.LOAD, Z, FACTOR, 0, RSI, PanelArguments.FACTOR);
    }
    if (form == Form.Q2_K) {
      a.memory(Instruction.LOAD, Z, SECOND_FACTOR, 0, RSI, PanelArguments.SECOND_FACTOR);
    }
  }

  private void terms(int v) {
    int table = PanelTable.PANEL_BYTES * v;
    op(Instruction.TO_FLOAT, v, 0, v);
    if (form.superBlocks() && form.minima) {
      difference(v, table);
    } else {
      a.broadcast(Instruction.FLOAT_MULTIPLY, Z, TERM, SCALE, R11, table + PanelTable.SCALE);
      op(Instruction.FLOAT_MULTIPLY, v, v, TERM);
      if (form.minima) {
        a.broadcast(Instruction.FLOAT_MULTIPLY, Z, TERM, MINIMUM, R11, table + PanelTable.EXTRA);
        op(Instruction.FLOAT_ADD, v, v, TERM);
      }
    }
    int lanes = PanelArguments.VECTOR_LANES * v;
    a.memory(Instruction.FLOAT_ADD, Z, v, v, R8, lanes);
    a.memory(Instruction.FLOAT_STORE, Z, v, 0, R8, lanes);
  }

  /** sum = (sum * d - (float) (mn S) * dmin) * dx. */
  private void difference(int sum, int table) {
    a.broadcast(Instruction.MULTIPLY_32, Z, TERM, FACTOR, R11, table + PanelTable.EXTRA);
    if (form == Form.Q2_K) {
      int at = table + PanelTable.SECOND_EXTRA;
      a.broadcast(Instruction.MULTIPLY_32, Z, TERM + 1, SECOND_FACTOR, R11, at);
      op(Instruction.ADD, TERM, TERM, TERM + 1);
    }
    op(Instruction.TO_FLOAT, TERM, 0, TERM);
    op(Instruction.FLOAT_MULTIPLY, sum, sum, SCALE);
    op(Instruction.FLOAT_MULTIPLY, TERM, TERM, MINIMUM);
    op(Instruction.FLOAT_SUBTRACT, sum, sum, TERM);
    a.broadcast(Instruction.FLOAT_MULTIPLY, Z, sum, sum, R11, table + PanelTable.SCALE);
  }
}
