package opml.inference.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Quantized;

/** Activation vectors in the order in which a {@link Product} reads them. */
public sealed interface Table permits PlaneTable, PairTable, PanelTable {
  /** Room for vectors of {@code blocks} blocks that meet weights of a format. */
  static Table of(Arena arena, Form form, int blocks, int vectors) {
    if (Product.panels(form, vectors)) {
      return new PanelTable(arena, form, blocks);
    }
    return RowsKernel.bytePlanes(form)
        ? new PlaneTable(arena, form, blocks, vectors)
        : new PairTable(arena, form, blocks, vectors);
  }

  /** For how many vectors there is room where so many are asked for. */
  static int room(Form form, int vectors) {
    return Product.panels(form, vectors) ? Product.MAX_VECTORS : vectors;
  }

  /** Where the kernel finds it. */
  long address();

  /**
   * Takes vector {@code v} from {@code at} in a segment, as {@link Quantized} describes it.
   *
   * @param weights begins with the model's header
   * @return false when a value does not fit the kernel: the table is then of no use
   */
  boolean take(MemorySegment state, long at, int v, MemorySegment weights);
}
