package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows of a matrix times many vectors: weights are unpacked once, sixteen rows and eight blocks at
 * a time, into a panel that stays in the nearest cache, and met there by all vectors.
 */
public final class PanelKernel implements Product {
  /** Vectors of one call at most: more would only save what unpacking costs, a twentieth. */
  public static final int MAX_VECTORS = 32;

  /** Fewest rows of a call. */
  public static final int ROWS = PanelArguments.ROWS;

  /** Where an argument block has what only this kernel uses. */
  private static final long CONSTANTS = PanelArguments.NAN;

  private static final Level LEVEL = Emission.has(Level.AVX512) ? Level.AVX512 : Level.AVX2;
  private static final boolean WIDE = LEVEL == Level.AVX512;
  private static final int TOGETHER = WIDE ? WidePanelCode.TOGETHER : PanelCode.TOGETHER;

  private record Key(Form form, int number) {}

  private static final Map<Long, PanelKernel> KERNELS = new ConcurrentHashMap<>();
  private static final Map<Key, MemorySegment> PACK = new ConcurrentHashMap<>();
  private static final Map<Key, MemorySegment> PRODUCT = new ConcurrentHashMap<>();
  private static final Map<Form, MemorySegment> CONSTANT = new ConcurrentHashMap<>();

  /** Only where code runs. */
  private static final class Finish {
    static final MemorySegment CODE = CodeMemory.place(PanelCode.finish());
  }

  private final Form form;
  private final int blocks;
  private final int vectors;
  private final MemorySegment constants;
  private final MemorySegment pack;
  private final MemorySegment many;
  private final MemorySegment rest;

  /** The kernel for rows of so many blocks of 32 times 1 to {@link #MAX_VECTORS} vectors. */
  static PanelKernel of(Form form, int blocks, int vectors) {
    long key = ((long) blocks << 6 | vectors) << 4 | form.ordinal();
    return KERNELS.computeIfAbsent(key, k -> new PanelKernel(form, blocks, vectors));
  }

  private PanelKernel(Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    constants =
        CONSTANT.computeIfAbsent(
            form,
            f -> {
              MemorySegment s = Arena.global().allocate(PanelArguments.CONSTANTS_END, 64);
              PanelArguments.fill(s, f);
              return s;
            });
    pack =
        PACK.computeIfAbsent(new Key(form, blocks), k -> place(new PackCode(LEVEL, form, blocks)));
    many = product(TOGETHER);
    int left = vectors % TOGETHER;
    rest = left == 0 ? many : product(left);
  }

  private static MemorySegment place(PackCode code) {
    return CodeMemory.place(code.emit());
  }

  private MemorySegment product(int together) {
    return PRODUCT.computeIfAbsent(
        new Key(form, together),
        k ->
            CodeMemory.place(
                WIDE
                    ? new WidePanelCode(form, together).emit()
                    : new PanelCode(form, together).emit()));
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
    MemorySegment.copy(
        constants, CONSTANTS, arguments, CONSTANTS, PanelArguments.CONSTANTS_END - CONSTANTS);
    arguments.set(JAVA_LONG, PanelArguments.STRIDE, stride);
    for (int row = 0; row < rows; row += ROWS) {
      // the last ones begin earlier where rows are no multiple: some are made twice
      int first = Math.min(row, rows - ROWS);
      for (int block = 0; block < blocks; block += 8) {
        long before = (long) first * blocks + block;
        arguments.set(JAVA_LONG, PanelArguments.WEIGHTS, quants + before * form.blockBytes);
        arguments.set(JAVA_LONG, PanelArguments.SCALES, scales + 2 * before);
        arguments.set(JAVA_LONG, PanelArguments.MINIMA, minima + before * form.thirdPlane() / 8);
        arguments.set(JAVA_LONG, PanelArguments.BLOCKS, Math.min(8, blocks - block));
        Emission.call(pack, arguments);
        products(arguments, table + (long) block / 8 * PanelTable.PANELS_BYTES);
      }
      arguments.set(JAVA_LONG, PanelArguments.OUT, out + 4L * first);
      arguments.set(JAVA_LONG, PanelArguments.VECTORS, vectors);
      arguments.set(JAVA_LONG, PanelArguments.LANES_AT, lanes(arguments));
      Emission.call(Finish.CODE, arguments);
    }
  }

  private void products(MemorySegment arguments, long table) {
    int left = vectors % TOGETHER;
    int whole = vectors - left;
    products(many, arguments, table, 0, whole);
    products(rest, arguments, table, whole, left);
  }

  private static void products(
      MemorySegment code, MemorySegment arguments, long table, int first, int count) {
    if (count > 0) {
      long lanes = lanes(arguments) + (long) first * PanelArguments.VECTOR_LANES;
      arguments.set(JAVA_LONG, PanelArguments.TABLE, table + (long) first * PanelTable.PANEL_BYTES);
      arguments.set(JAVA_LONG, PanelArguments.LANES_AT, lanes);
      arguments.set(JAVA_LONG, PanelArguments.VECTORS, count);
      Emission.call(code, arguments);
    }
  }

  private static long lanes(MemorySegment arguments) {
    return arguments.address() + PanelArguments.LANES;
  }
}
