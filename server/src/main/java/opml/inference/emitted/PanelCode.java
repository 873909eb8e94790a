package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;
import static opml.inference.emitted.Assembler.Y;

/**
 * Emits the product of a panel of sixteen rows with up to four vectors at a time. Rows are lanes of
 * registers, so that sums need no folding: a block of 32 columns costs a multiplication and an
 * addition for 16 products, and four instructions for its term (docs/protocol.md section 8).
 */
final class PanelCode {
  /** Vectors at a time: eight sums, two registers of weights and what a product takes. */
  static final int TOGETHER = 4;

  private final Assembler a = new Assembler(Level.AVX2);
  private final Form form;
  private final int vectors;

  /** Plans the code for 1 to {@link #TOGETHER} vectors at a time. */
  PanelCode(Form form, int vectors) {
    this.form = form;
    this.vectors = vectors;
  }

  byte[] emit() {
    return PanelLoop.emit(
        a,
        vectors,
        () -> {
          products();
          for (int v = 0; v < vectors; v++) {
            terms(v);
          }
        });
  }

  private void op(Instruction i, int to, int x, int y) {
    a.registers(i, Y, to, x, y);
  }

  private void products() {
    for (int pair = 0; pair < 16; pair++) {
      a.memory(Instruction.LOAD, Y, 8, 0, RSI, 64 * pair);
      a.memory(Instruction.LOAD, Y, 9, 0, RSI, 64 * pair + 32);
      for (int v = 0; v < vectors; v++) {
        int x = 10 + 3 * (v & 1);
        a.memory(Instruction.BROADCAST, Y, x, 0, R11, PanelTable.PANEL_BYTES * v + 4 * pair);
        for (int tile = 0; tile < 2; tile++) {
          int product = pair == 0 ? 2 * v + tile : x + 1 + tile;
          op(Instruction.MULTIPLY_PAIRS, product, x, 8 + tile);
        }
        // after both products: in turns with them this was 8 % slower
        for (int tile = 0; tile < 2 && pair > 0; tile++) {
          op(Instruction.ADD, 2 * v + tile, 2 * v + tile, x + 1 + tile);
        }
      }
    }
  }

  private void terms(int v) {
    int table = PanelTable.PANEL_BYTES * v;
    a.memory(Instruction.BROADCAST, Y, 8, 0, R11, table + PanelTable.SCALE);
    if (form.minima) {
      a.memory(Instruction.BROADCAST, Y, 9, 0, R11, table + PanelTable.EXTRA);
    }
    if (form == Form.Q2_K) {
      a.memory(Instruction.BROADCAST, Y, 10, 0, R11, table + PanelTable.SECOND_EXTRA);
    }
    for (int tile = 0; tile < 2; tile++) {
      int sum = 2 * v + tile;
      int at = 32 * tile;
      op(Instruction.TO_FLOAT, sum, 0, sum);
      if (form.superBlocks() && form.minima) {
        difference(sum, at);
      } else {
        panel(Instruction.FLOAT_MULTIPLY, 12, 8, PanelArguments.SCALE + at);
        op(Instruction.FLOAT_MULTIPLY, sum, sum, 12);
        if (form.minima) {
          panel(Instruction.FLOAT_MULTIPLY, 12, 9, PanelArguments.MINIMUM + at);
          op(Instruction.FLOAT_ADD, sum, sum, 12);
        }
      }
      int lanes = PanelArguments.VECTOR_LANES * v + at;
      a.memory(Instruction.FLOAT_ADD, Y, sum, sum, R8, lanes);
      a.memory(Instruction.FLOAT_STORE, Y, sum, 0, R8, lanes);
    }
  }

  /** sum = (sum * d - (float) (mn S) * dmin) * dx. */
  private void difference(int sum, int at) {
    panel(Instruction.MULTIPLY_32, 12, 9, PanelArguments.FACTOR + at);
    if (form == Form.Q2_K) {
      panel(Instruction.MULTIPLY_32, 13, 10, PanelArguments.SECOND_FACTOR + at);
      op(Instruction.ADD, 12, 12, 13);
    }
    op(Instruction.TO_FLOAT, 12, 0, 12);
    panel(Instruction.FLOAT_MULTIPLY, sum, sum, PanelArguments.SCALE + at);
    panel(Instruction.FLOAT_MULTIPLY, 12, 12, PanelArguments.MINIMUM + at);
    op(Instruction.FLOAT_SUBTRACT, sum, sum, 12);
    op(Instruction.FLOAT_MULTIPLY, sum, sum, 8);
  }

  private void panel(Instruction i, int to, int x, int at) {
    a.memory(i, Y, to, x, RSI, at);
  }

  /** Emits what ends a row: sums of lanes to where they belong, and lanes zero again. */
  static byte[] finish() {
    Assembler a = new Assembler(Level.AVX2);
    a.load(RDX, RDI, PanelArguments.LANES_AT);
    a.load(R8, RDI, PanelArguments.OUT);
    a.load(R9, RDI, PanelArguments.VECTORS);
    a.registers(Instruction.XOR, Y, 8, 8, 8);
    a.memory(Instruction.BROADCAST, Y, 9, 0, RDI, PanelArguments.NAN);
    int loop = a.here();
    for (int tile = 0; tile < 2; tile++) {
      for (int i = 0; i < 4; i++) {
        int lane = PanelArguments.LANE_BYTES * i + 32 * tile;
        int other = lane + 4 * PanelArguments.LANE_BYTES;
        a.memory(Instruction.FLOAT_LOAD, Y, i, 0, RDX, lane);
        a.memory(Instruction.FLOAT_ADD, Y, i, i, RDX, other);
        a.memory(Instruction.FLOAT_STORE, Y, 8, 0, RDX, lane);
        a.memory(Instruction.FLOAT_STORE, Y, 8, 0, RDX, other);
      }
      a.registers(Instruction.FLOAT_ADD, Y, 0, 0, 2);
      a.registers(Instruction.FLOAT_ADD, Y, 1, 1, 3);
      a.registers(Instruction.FLOAT_ADD, Y, 0, 0, 1);
      // NaN canonical (INV-07)
      a.registers(Instruction.FLOAT_TEST, Y, 1, 0, 0, 3);
      a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, 0, 0, 9, 1 << 4);
      a.memory(Instruction.FLOAT_STORE, Y, 0, 0, R8, 32 * tile);
    }
    a.add(RDX, PanelArguments.VECTOR_LANES);
    a.addFrom(R8, RDI, PanelArguments.STRIDE);
    a.add(R9, -1);
    a.loopTo(loop);
    a.leave();
    return a.code();
  }
}
