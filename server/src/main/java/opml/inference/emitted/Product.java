package opml.inference.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Machine code that multiplies rows of a matrix with activation vectors. */
public sealed interface Product permits RowsKernel, PanelKernel {
  /** Vectors of one call at most. */
  int MAX_VECTORS = PanelKernel.MAX_VECTORS;

  /**
   * The kernel for rows of {@code blocks} blocks of 32 times {@code vectors} activations.
   *
   * @param vectors 1 to {@link #MAX_VECTORS}
   */
  static Product of(Form form, int blocks, int vectors) {
    return panels(form, vectors)
        ? PanelKernel.of(form, blocks, vectors)
        : RowsKernel.of(form, blocks, vectors);
  }

  /** Whether so many vectors are worth a panel; measured by {@code bench kernel}. */
  static boolean panels(Form form, int vectors) {
    return vectors > RowsKernel.most(form);
  }

  /** What one thread needs to call kernels. */
  static MemorySegment arguments(Arena arena) {
    return arena.allocate(PanelArguments.BYTES, 64);
  }

  /**
   * Multiplies {@code rows} rows; the float of row r and vector v goes to out + 4 r + stride v.
   *
   * @param arguments from {@link #arguments}
   * @param table {@link Table#address} of the activations
   * @param rows at least {@link PanelKernel#ROWS} where there is more than one vector
   */
  void run(
      MemorySegment arguments,
      long quants,
      long scales,
      long minima,
      long table,
      long out,
      long stride,
      int rows);
}
