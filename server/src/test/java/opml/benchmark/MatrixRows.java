package opml.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import opml.inference.emitted.Form;
import opml.inference.emitted.PanelKernel;
import opml.inference.emitted.Product;
import opml.inference.emitted.Table;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Rows of a matrix that stays in the cache, times one vector or some. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatrixRows {
  private static final int WEIGHTS = 1 << 18;

  /** Tensor type. */
  @Param({"Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K"})
  public Form type;

  /** Columns of the matrix: 576 of SmolLM2, 4096 and 11008 of the 7B shape. */
  @Param({"1536", "4096", "11008"})
  public int columns;

  /** Vectors that share the weights. */
  @Param({"1", "4", "32"})
  public int vectors;

  private Arena arena;
  private MemorySegment weights;
  private MemorySegment out;
  private MemorySegment arguments;
  private Table table;
  private Product kernel;
  private int rows;

  /** Weights times vectors, so that JMH prints 10^9 of them a second. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Products {
    /** Counted so far. */
    public long products;
  }

  /** Lays everything out. */
  @Setup
  public void open() {
    arena = Arena.ofConfined();
    rows = WEIGHTS / columns / PanelKernel.ROWS * PanelKernel.ROWS;
    weights = arena.allocate(4L * WEIGHTS, 64);
    out = arena.allocate(4L * rows * vectors, 64);
    arguments = Product.arguments(arena);
    MemorySegment vector = arena.allocate(4L * columns + 1024, 64);
    table = Table.of(arena, type, columns / 32, vectors);
    for (int v = 0; v < vectors; v++) {
      table.take(vector, 0, v, weights);
    }
    kernel = Product.of(type, columns / 32, vectors);
  }

  /** All rows once. */
  @Benchmark
  public void rows(Products count) {
    long w = weights.address();
    kernel.run(
        arguments,
        w,
        w + 2L * WEIGHTS,
        w + 3L * WEIGHTS,
        table.address(),
        out.address(),
        4L * rows,
        rows);
    count.products += (long) rows * columns * vectors;
  }

  /** Frees everything. */
  @TearDown
  public void close() {
    arena.close();
  }
}
