package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.guest.Quantized;

/** Activation vectors as {@link RowsCode} reads them: two planes of bytes. */
final class PlaneTable implements Table {
  private static final Map<Integer, MemorySegment> CODES = new ConcurrentHashMap<>();
  private static final long SIGNS = 0x8000800080008000L;

  private final boolean nibbles;
  private final int center;
  private final int blocks;
  private final int vectors;
  private final MemorySegment content;
  private final MemorySegment code;

  /** One for each vector: threads take vectors side by side. */
  private final MemorySegment[] arguments;

  /** Room for vectors of {@code blocks} blocks that meet weights of a format. */
  PlaneTable(Arena arena, Form form, int blocks, int vectors) {
    nibbles = form.nibbles;
    center = form.center();
    this.blocks = blocks;
    this.vectors = vectors;
    long groups = Quantized.padded(blocks) / 8;
    content = arena.allocate(groups * vectors * RowsCode.GROUP_BYTES, 64);
    arguments = new MemorySegment[vectors];
    for (int v = 0; v < vectors; v++) {
      arguments[v] = arena.allocate(PlaneTableCode.ARGUMENT_BYTES, 64);
      arguments[v].set(JAVA_INT, PlaneTableCode.LOW_BITS, 0x007f007f);
      arguments[v].set(JAVA_INT, PlaneTableCode.HALF, 0x40004000);
    }
    int tail = blocks & 7;
    code =
        CODES.computeIfAbsent(
            nibbles ? tail : 8 + tail, k -> CodeMemory.place(PlaneTableCode.emit(nibbles, tail)));
  }

  /** Where in a group the high parts of a block's first half go. */
  static int high(boolean nibbles, int b) {
    return nibbles ? (b & 4) << 6 | (b & 3) << 4 : (b & 6) << 6 | (b & 1) << 5;
  }

  /** The second half is so much further. */
  static int second(boolean nibbles) {
    return nibbles ? 64 : 16;
  }

  /** Low parts are so much further. */
  static int low(boolean nibbles) {
    return nibbles ? 128 : 64;
  }

  @Override
  public long address() {
    return content.address();
  }

  @Override
  public boolean take(MemorySegment state, long at, int v, MemorySegment weights) {
    long scales = Quantized.scales(at, blocks);
    long sums = Quantized.sums(at, blocks);
    for (int b = 0; b < blocks; b++) {
      long group = ((long) (b >> 3) * vectors + v) * RowsCode.GROUP_BYTES;
      float scale = state.get(JAVA_FLOAT, scales + 4L * b);
      int sum = state.get(JAVA_INT, sums + 4L * b);
      long lane = group + 4L * (b & 7);
      content.set(JAVA_FLOAT, lane + RowsCode.SCALE, scale);
      content.set(JAVA_FLOAT, lane + RowsCode.SCALED_SUM, scale * (float) sum);
      content.set(
          JAVA_INT, lane + RowsCode.BIAS, nibbles ? center * sum : total(state, at + 64L * b) << 7);
    }
    return integers(state.address() + at, v);
  }

  /** Whether all values fit 15 bits. */
  private boolean integers(long from, int v) {
    MemorySegment own = arguments[v];
    own.set(JAVA_LONG, PlaneTableCode.FROM, from);
    own.set(JAVA_LONG, PlaneTableCode.TO, content.address() + (long) v * RowsCode.GROUP_BYTES);
    own.set(JAVA_LONG, PlaneTableCode.GROUPS, blocks >> 3);
    own.set(JAVA_LONG, PlaneTableCode.STRIDE, (long) vectors * RowsCode.GROUP_BYTES);
    Emission.call(code, own);
    long seen = 0;
    for (int i = 0; i < 32; i += 8) {
      seen |= own.get(JAVA_LONG, PlaneTableCode.OUTSIDE + i);
    }
    return (seen & SIGNS) == 0;
  }

  /** The sum of a block's values as they are. */
  private static int total(MemorySegment state, long at) {
    int sum = 0;
    for (int i = 0; i < 32; i++) {
      sum += state.get(JAVA_SHORT, at + 2L * i);
    }
    return sum;
  }
}
