package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.guest.Quantized;

/**
 * Activation vectors as {@link PairRows} reads them, up to {@link #PASS} in one pass. Values of
 * even and of odd places lie apart, as the nibbles or bytes of weights do in 16-bit lanes.
 */
final class PairTable implements Table {
  /** Vectors of one pass. */
  static final int PASS = 4;

  // one group of eight blocks of one activation
  static final int SCALE = 512;
  static final int EXTRA = 544;
  static final int SECOND_EXTRA = 576;

  private record Key(Form form, int blocks, int together) {}

  private static final Map<Key, MemorySegment> CODES = new ConcurrentHashMap<>();

  private final Form form;
  private final int blocks;
  private final int vectors;
  private final MemorySegment content;

  /** One for each vector: threads take vectors side by side. */
  private final MemorySegment[] arguments;

  private final MemorySegment[] codes;

  PairTable(Arena arena, Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    content = arena.allocate(vectors * vectorBytes(form, blocks), 64);
    arguments = new MemorySegment[vectors];
    codes = new MemorySegment[vectors];
    for (int v = 0; v < vectors; v++) {
      arguments[v] = arena.allocate(PairTableCode.ARGUMENT_BYTES, 64);
      PairTableCode.fill(arguments[v], blocks & 7);
      codes[v] =
          CODES.computeIfAbsent(
              new Key(form, blocks, together(v)),
              k -> CodeMemory.place(new PairTableCode(k.form, k.blocks, k.together).emit()));
    }
  }

  /** Vectors of the pass that a vector belongs to. */
  private int together(int v) {
    return Math.min(PASS, vectors - v / PASS * PASS);
  }

  static int groupBytes(Form form) {
    return switch (form) {
      case Q8_0, Q6_K -> EXTRA;
      case Q3_K, Q2_K -> SECOND_EXTRA + 32;
      default -> SECOND_EXTRA;
    };
  }

  /** Bytes of a vector; passes follow each other. */
  static long vectorBytes(Form form, int blocks) {
    return (long) Quantized.padded(blocks) / 8 * groupBytes(form);
  }

  @Override
  public long address() {
    return content.address();
  }

  @Override
  public boolean take(MemorySegment state, long at, int v, MemorySegment weights) {
    int before = v / PASS * PASS;
    long offset = before * vectorBytes(form, blocks) + (long) (v - before) * groupBytes(form);
    long from = state.address();
    MemorySegment own = arguments[v];
    own.set(JAVA_LONG, PairTableCode.VALUES, from + at);
    own.set(JAVA_LONG, PairTableCode.SCALES, from + Quantized.scales(at, blocks));
    own.set(JAVA_LONG, PairTableCode.SUMS, from + Quantized.sums(at, blocks));
    own.set(JAVA_LONG, PairTableCode.TABLE, content.address() + offset);
    own.set(JAVA_LONG, PairTableCode.GROUPS, blocks >> 3);
    if (form == Form.Q3_K || form == Form.Q2_K) {
      PairTableCode.ones(own, weights);
    }
    Emission.call(codes[v], own);
    return true;
  }

  /** Which 32-bit lane of a kernel's sums belongs to block {@code b} of eight. */
  static int lane(int b) {
    return (b & 1) << 2 | b >> 1;
  }
}
