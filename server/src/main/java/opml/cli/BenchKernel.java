package opml.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.inference.emitted.Form;
import opml.inference.emitted.PanelKernel;
import opml.inference.emitted.Product;
import opml.inference.emitted.Table;

/** The emitted matrix kernel on one thread and weights that stay in the cache: its arithmetic. */
final class BenchKernel {
  private static final int[] COLUMNS = {576, 1536, 4096, 11008};
  private static final int WEIGHTS = 1 << 18;
  private static final long NANOS = 150_000_000;

  private BenchKernel() {}

  /** Rows {what, gigaWeightsPerSecond}; weights times vectors. */
  static List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Form form : Form.values()) {
      for (int columns : COLUMNS) {
        if (form.superBlocks() && columns % 256 != 0) {
          continue;
        }
        for (int vectors : new int[] {1, 4, Product.MAX_VECTORS}) {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("what", form + ", " + columns + " columns, vectors: " + vectors);
          row.put("gigaWeightsPerSecond", Math.round(10 * best(form, columns, vectors)) / 10.0);
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** 10^9 products a second of 4096 columns, one thread. */
  static double best(String type, int vectors) {
    return best(Form.valueOf(type), 4096, vectors);
  }

  private static double best(Form form, int columns, int vectors) {
    int blocks = columns / 32;
    int rows = WEIGHTS / columns / PanelKernel.ROWS * PanelKernel.ROWS;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment weights = arena.allocate(4L * WEIGHTS, 64);
      MemorySegment vector = arena.allocate(4L * columns + 1024, 64);
      MemorySegment out = arena.allocate(4L * rows * vectors, 64);
      MemorySegment arguments = Product.arguments(arena);
      Table table = Table.of(arena, form, blocks, vectors);
      for (int v = 0; v < vectors; v++) {
        table.take(vector, 0, v, weights);
      }
      Product kernel = Product.of(form, blocks, vectors);
      long w = weights.address();
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + NANOS;
      for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
        long to = out.address();
        kernel.run(
            arguments, w, w + 2L * WEIGHTS, w + 3L * WEIGHTS, table.address(), to, 4L * rows, rows);
        least = Math.min(least, System.nanoTime() - start);
      }
      return (double) rows * columns * vectors / least;
    }
  }
}
