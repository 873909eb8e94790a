package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kernel for one format, row length and number of activation vectors. With byte planes (AVX-512)
 * all vectors go in one pass, otherwise {@link PairTable#PASS}.
 */
public final class RowsKernel {
  /** Activation vectors of one call at most. */
  public static final int MAX_VECTORS = 8;

  private static final Map<Long, RowsKernel> KERNELS = new ConcurrentHashMap<>();

  private final MemorySegment[] passes;
  private final Form form;
  private final int blocks;
  private final int vectors;
  private final long passBytes;

  private RowsKernel(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    passBytes = PairTable.PASS * PairTable.vectorBytes(form, blocks);
    if (bytePlanes(form)) {
      byte[] code = new RowsCode(form, blocks & 7, vectors).emit();
      passes = new MemorySegment[] {CodeMemory.place(code)};
      return;
    }
    passes = new MemorySegment[(vectors + PairTable.PASS - 1) / PairTable.PASS];
    for (int i = 0; i < passes.length; i++) {
      int together = Math.min(PairTable.PASS, vectors - i * PairTable.PASS);
      passes[i] = together == PairTable.PASS && i > 0 ? passes[0] : pass(together);
    }
  }

  private MemorySegment pass(int together) {
    return CodeMemory.place(
        together == 1
            ? new PairRows(form, blocks).emit()
            : new PairBatch(form, blocks, together).emit());
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

  /** Whether the kernel of a format reads activations as planes of bytes ({@link RowsCode}). */
  static boolean bytePlanes(Form form) {
    return Emission.has(Level.AVX512) && !form.superBlocks();
  }

  /** What one thread needs to call kernels. */
  public static MemorySegment arguments(Arena arena) {
    return arena.allocate(Math.max(RowsCode.ARGUMENT_BYTES, PairBatch.ARGUMENT_BYTES), 64);
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
    arguments.set(JAVA_LONG, RowsCode.ROWS, rows);
    arguments.set(JAVA_LONG, RowsCode.GROUPS, blocks >> 3);
    if (bytePlanes(form)) {
      planes(arguments);
    } else {
      pairs(arguments);
    }
    for (int i = 0; i < passes.length; i++) {
      if (!bytePlanes(form)) {
        boolean alone = vectors - i * PairTable.PASS == 1;
        int together = alone ? PairRows.TOGETHER : PairBatch.TOGETHER;
        arguments.set(JAVA_LONG, PairRows.MANY, rows / together);
        arguments.set(JAVA_LONG, PairRows.ROWS, rows % together);
      }
      arguments.set(JAVA_LONG, RowsCode.OUT, out + i * PairTable.PASS * stride);
      arguments.set(JAVA_LONG, RowsCode.TABLE, table + i * passBytes);
      Emission.call(passes[i], arguments);
    }
  }

  private void planes(MemorySegment arguments) {
    for (int i = 0; i < 16; i++) {
      arguments.set(JAVA_INT, RowsCode.MASK + 4 * i, form.nibbles ? 0x0f0f0f0f : 0x80808080);
    }
    for (int i = 0; i < 8; i++) {
      int lane = form.nibbles ? (i & 3) << 2 | i >> 2 : (i & 1) << 3 | i >> 1;
      arguments.set(JAVA_INT, RowsCode.ORDER + 4 * i, lane);
    }
  }

  private void pairs(MemorySegment arguments) {
    arguments.set(JAVA_INT, PairRows.NAN, 0x7fc00000);
    for (int i = 0; i < 8; i++) {
      arguments.set(JAVA_INT, PairRows.MASK + 4 * i, 0x000f000f);
      int two = 4 * (i & 3) + 2 * (i >> 2);
      arguments.set(JAVA_BYTE, PairRows.TWO_ORDER + 2 * i, (byte) two);
      arguments.set(JAVA_BYTE, PairRows.TWO_ORDER + 2 * i + 1, (byte) (two + 1));
      arguments.set(JAVA_BYTE, PairRows.ONE_ORDER + 2 * i, (byte) (i < 4 ? two : -1));
      arguments.set(JAVA_BYTE, PairRows.ONE_ORDER + 2 * i + 1, (byte) (i < 4 ? two + 1 : -1));
      int half = i < (blocks & 7) ? -1 : 0;
      arguments.set(JAVA_BYTE, PairRows.TAIL_MASK + 2 * i, (byte) half);
      arguments.set(JAVA_BYTE, PairRows.TAIL_MASK + 2 * i + 1, (byte) half);
      int lane = PairTable.lane(i);
      arguments.set(JAVA_BYTE, PairRows.HALVES_ORDER + 2 * lane, (byte) (2 * i));
      arguments.set(JAVA_BYTE, PairRows.HALVES_ORDER + 2 * lane + 1, (byte) (2 * i + 1));
      arguments.set(JAVA_BYTE, PairRows.BYTES_ORDER + lane, (byte) i);
      arguments.set(JAVA_BYTE, PairRows.BYTES_ORDER + 8 + lane, (byte) (8 + i));
    }
  }
}
