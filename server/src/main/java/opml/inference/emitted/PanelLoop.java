package opml.inference.emitted;

import static opml.inference.emitted.Assembler.R10;
import static opml.inference.emitted.Assembler.R11;
import static opml.inference.emitted.Assembler.R8;
import static opml.inference.emitted.Assembler.R9;
import static opml.inference.emitted.Assembler.RAX;
import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.RDX;
import static opml.inference.emitted.Assembler.RSI;

/** The way through a panel and the vectors that meet it, the same for every level. */
final class PanelLoop {
  private PanelLoop() {}

  /**
   * Emits a whole routine: groups of vectors, and for each the blocks of the panel.
   *
   * @param each emits what a block and a group do: rsi is the block in the panel, r11 in the table
   *     of activations, r8 the lanes
   */
  static byte[] emit(Assembler a, int vectors, Runnable each) {
    a.load(R10, RDI, PanelArguments.TABLE);
    a.load(RDX, RDI, PanelArguments.LANES_AT);
    a.load(R9, RDI, PanelArguments.VECTORS);
    int group = a.here();
    a.copy(RSI, RDI);
    a.add(RSI, PanelArguments.PANEL);
    a.copy(R11, R10);
    a.copy(R8, RDX);
    a.load(RAX, RDI, PanelArguments.BLOCKS);
    int block = a.here();
    each.run();
    a.add(RSI, PanelArguments.BLOCK_BYTES);
    a.add(R11, PanelTable.BLOCK_BYTES);
    a.add(R8, PanelArguments.LANE_BYTES);
    a.add(RAX, -1);
    a.loopTo(block);
    a.add(R10, PanelTable.PANEL_BYTES * vectors);
    a.add(RDX, PanelArguments.VECTOR_LANES * vectors);
    a.add(R9, -vectors);
    a.loopTo(group);
    a.leave();
    return a.code();
  }
}
