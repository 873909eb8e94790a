package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kernel for one format, row length and number of activation vectors; all vectors in one pass.
 */
public final class RowsKernel {
  /** Activation vectors of one call at most. */
  public static final int MAX_VECTORS = 8;

  private static final Map<Long, RowsKernel> KERNELS = new ConcurrentHashMap<>();

  private final MemorySegment code;
  private final Form form;
  private final int blocks;

  private RowsKernel(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    code = CodeMemory.place(new RowsCode(form, blocks & 7, vectors).emit());
  }

  /**
   * The kernel for rows of {@code blocks} blocks of 32 times {@code vectors} activations.
   *
   * @param vectors 1 to {@link #MAX_VECTORS}
   */
  public static RowsKernel of(Form form, int blocks, int vectors) {
    long key = ((long) blocks << 4 | vectors) << 4 | form.ordinal();
    return KERNELS.computeIfAbsent(key, k -> new RowsKernel(form, blocks, vectors));
  }

  /** What one thread needs to call kernels. */
  public static MemorySegment arguments(Arena arena) {
    return arena.allocate(RowsCode.ARGUMENT_BYTES, 64);
  }

  /**
   * Multiplies {@code rows} rows; the float of row r and vector v goes to out + 4 r + stride v.
   *
   * @param arguments from {@link #arguments}
   * @param table {@link Table#address} of the activations
   */
  public void run(
      MemorySegment arguments,
      long quants,
      long scales,
      long minima,
      long table,
      long out,
      long stride,
      int rows) {
    arguments.set(JAVA_LONG, RowsCode.STRIDE, stride);
    arguments.set(JAVA_LONG, RowsCode.WEIGHTS, quants);
    arguments.set(JAVA_LONG, RowsCode.SCALES, scales);
    arguments.set(JAVA_LONG, RowsCode.MINIMA, minima);
    arguments.set(JAVA_LONG, RowsCode.OUT, out);
    arguments.set(JAVA_LONG, RowsCode.ROWS, rows);
    arguments.set(JAVA_LONG, RowsCode.TABLE, table);
    arguments.set(JAVA_LONG, RowsCode.GROUPS, blocks >> 3);
    for (int i = 0; i < 16; i++) {
      arguments.set(JAVA_INT, RowsCode.MASK + 4 * i, form.nibbles ? 0x0f0f0f0f : 0x80808080);
    }
    for (int i = 0; i < 8; i++) {
      int lane = form.nibbles ? (i & 3) << 2 | i >> 2 : (i & 1) << 3 | i >> 1;
      arguments.set(JAVA_INT, RowsCode.ORDER + 4 * i, lane);
    }
    Emission.call(code, arguments);
  }
}
