package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.guest.Quantized;

/**
 * Activation vectors as {@link PairRows} and {@link PairBatch} read them. Values of even and of odd
 * places lie apart, as the nibbles or bytes of weights do in 16-bit lanes.
 */
final class PairTable implements Table {
  // one group of eight blocks of one activation
  static final int SCALE = 512;
  static final int EXTRA = 544;
  static final int SECOND_EXTRA = 576;

  private record Key(Form form, int blocks, int vectors) {}

  private static final Map<Key, MemorySegment> CODES = new ConcurrentHashMap<>();

  private final Form form;
  private final int blocks;
  private final MemorySegment content;

  /** One for each vector: threads take vectors side by side. */
  private final MemorySegment[] arguments;

  private final MemorySegment code;

  PairTable(Arena arena, Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    long groups = Quantized.padded(blocks) / 8;
    content = arena.allocate(groups * vectors * groupBytes(form), 64);
    arguments = new MemorySegment[vectors];
    for (int v = 0; v < vectors; v++) {
      arguments[v] = arena.allocate(PairTableCode.ARGUMENT_BYTES, 64);
      PairTableCode.fill(arguments[v], blocks & 7);
    }
    code =
        CODES.computeIfAbsent(
            new Key(form, blocks, vectors),
            k -> CodeMemory.place(new PairTableCode(k.form, k.blocks, k.vectors).emit()));
  }

  static int groupBytes(Form form) {
    return switch (form) {
      case Q8_0, Q6_K -> EXTRA;
      case Q3_K, Q2_K -> SECOND_EXTRA + 32;
      default -> SECOND_EXTRA;
    };
  }

  @Override
  public long address() {
    return content.address();
  }

  @Override
  public boolean take(MemorySegment state, long at, int v, MemorySegment weights) {
    MemorySegment own = arguments[v];
    VectorArguments.set(own, state, at, blocks, content.address() + (long) v * groupBytes(form));
    own.set(JAVA_LONG, PairTableCode.GROUPS, blocks >> 3);
    if (form == Form.Q3_K || form == Form.Q2_K) {
      PairTableCode.ones(own, weights);
    }
    Emission.call(code, own);
    return true;
  }

  /** Which 32-bit lane of a kernel's sums belongs to block {@code b} of eight. */
  static int lane(int b) {
    return (b & 1) << 2 | b >> 1;
  }
}
