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
public final class RowsKernel implements Product {
  /** The number of rows of a call should be a multiple of this. */
  public static final int ROWS = PairRows.TOGETHER;

  private static final Map<Long, RowsKernel> KERNELS = new ConcurrentHashMap<>();

  /** Where the constants of an argument block begin. */
  private static final long CONSTANTS = 64;

  private static final int CONSTANT_BYTES =
      Math.max(RowsCode.ARGUMENT_BYTES, PairArguments.CONSTANTS_END);

  private final MemorySegment code;
  private final MemorySegment constants;
  private final long constantBytes;
  private final Form form;
  private final int blocks;
  private final int together;

  private RowsKernel(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    together = vectors == 1 ? PairRows.TOGETHER : PairBatch.TOGETHER;
    constants = Arena.global().allocate(CONSTANT_BYTES, 64);
    if (bytePlanes(form)) {
      constantBytes = RowsCode.ARGUMENT_BYTES - CONSTANTS;
      planes(form, constants);
      code = CodeMemory.place(new RowsCode(form, blocks & 7, vectors).emit());
      return;
    }
    constantBytes = PairArguments.CONSTANTS_END - CONSTANTS;
    PairArguments.fill(constants, blocks & 7);
    code =
        CodeMemory.place(
            vectors == 1
                ? new PairRows(form, blocks).emit()
                : new PairBatch(form, blocks, vectors).emit());
  }

  /**
   * The kernel for rows of {@code blocks} blocks of 32 times {@code vectors} activations.
   *
   * @param vectors 1 to {@link #most}
   */
  static RowsKernel of(Form form, int blocks, int vectors) {
    long key = ((long) blocks << 4 | vectors) << 4 | form.ordinal();
    return KERNELS.computeIfAbsent(key, k -> new RowsKernel(form, blocks, vectors));
  }

  /** Activation vectors of one call at most: for more a panel is faster. */
  static int most(Form form) {
    if (!Emission.has(Level.AVX512)) {
      return PairBatch.MOST;
    }
    return bytePlanes(form) && form.nibbles ? RowsCode.MOST : 2;
  }

  /** Whether the kernel of a format reads activations as planes of bytes ({@link RowsCode}). */
  static boolean bytePlanes(Form form) {
    return Emission.has(Level.AVX512) && !form.superBlocks();
  }

  @Override
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
    arguments.set(JAVA_LONG, RowsCode.TABLE, table);
    MemorySegment.copy(constants, CONSTANTS, arguments, CONSTANTS, constantBytes);
    if (bytePlanes(form)) {
      arguments.set(JAVA_LONG, RowsCode.ROWS, rows);
      arguments.set(JAVA_LONG, RowsCode.GROUPS, blocks >> 3);
    } else {
      arguments.set(JAVA_LONG, PairArguments.MANY, rows / together);
      arguments.set(JAVA_LONG, PairArguments.ROWS, rows % together);
    }
    Emission.call(code, arguments);
  }

  private static void planes(Form form, MemorySegment arguments) {
    for (int i = 0; i < 16; i++) {
      arguments.set(JAVA_INT, RowsCode.MASK + 4 * i, form.nibbles ? 0x0f0f0f0f : 0x80808080);
    }
    for (int i = 0; i < 8; i++) {
      int lane = form.nibbles ? (i & 3) << 2 | i >> 2 : (i & 1) << 3 | i >> 1;
      arguments.set(JAVA_INT, RowsCode.ORDER + 4 * i, lane);
    }
  }
}
