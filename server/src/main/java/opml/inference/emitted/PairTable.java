package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Header;
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

  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_128;

  private final Form form;
  private final int blocks;
  private final int vectors;
  private final MemorySegment content;

  PairTable(Arena arena, Form form, int blocks, int vectors) {
    this.form = form;
    this.blocks = blocks;
    this.vectors = vectors;
    content = arena.allocate(vectors * vectorBytes(form, blocks), 64);
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
    int group = groupBytes(form);
    int before = v / PASS * PASS;
    int together = Math.min(PASS, vectors - before);
    long start = before * vectorBytes(form, blocks) + (long) (v - before) * group;
    long scales = Quantized.scales(at, blocks);
    long sums = Quantized.sums(at, blocks);
    for (int b = 0; b < blocks; b++) {
      long from = start + (long) (b >> 3) * together * group;
      int in = b & 7;
      if (form.nibbles) {
        long to = from + 128L * (in >> 1) + 16 * (in & 1);
        split(state, at + 64L * b, to, to + 64);
        split(state, at + 64L * b + 32, to + 32, to + 96);
      } else {
        long to = from + 64L * in;
        split(state, at + 64L * b, to, to + 32);
        split(state, at + 64L * b + 32, to + 16, to + 48);
      }
      float scale = state.get(JAVA_FLOAT, scales + 4L * b);
      int sum = state.get(JAVA_INT, sums + 4L * b);
      long lane = from + 4L * lane(in);
      content.set(JAVA_FLOAT, lane + SCALE, scale);
      extra(state, at + 64L * b, weights, lane, scale, sum);
    }
    return true;
  }

  /** Which 32-bit lane of a kernel's sums belongs to block {@code b} of eight. */
  static int lane(int b) {
    return (b & 1) << 2 | b >> 1;
  }

  /** Sixteen values: those of even places to one address, the others to another. */
  private void split(MemorySegment state, long at, long even, long odd) {
    IntVector x = IntVector.fromMemorySegment(I, state, at, LITTLE_ENDIAN);
    shorts(x.lanewise(LSHL, 16).lanewise(ASHR, 16)).intoMemorySegment(content, even, LITTLE_ENDIAN);
    shorts(x.lanewise(ASHR, 16)).intoMemorySegment(content, odd, LITTLE_ENDIAN);
  }

  private static ShortVector shorts(IntVector v) {
    return (ShortVector) v.convertShape(I2S, S, 0);
  }

  private void extra(
      MemorySegment state, long at, MemorySegment weights, long lane, float scale, int sum) {
    switch (form) {
      case Q4_0 -> content.set(JAVA_INT, lane + EXTRA, sum << 3);
      case Q4_1, Q5_1 -> content.set(JAVA_FLOAT, lane + EXTRA, scale * (float) sum);
      case Q4_K, Q5_K -> content.set(JAVA_INT, lane + EXTRA, sum);
      case Q8_0, Q6_K -> {}
      case Q3_K, Q2_K -> {
        int factor = form == Form.Q3_K ? 4 : 1;
        content.set(JAVA_INT, lane + EXTRA, factor * ones(state, at, weights, 0));
        content.set(JAVA_INT, lane + SECOND_EXTRA, factor * ones(state, at + 32, weights, 16));
      }
    }
  }

  /** Sixteen values times the header's ones, as the plain form has it. */
  private static int ones(MemorySegment state, long at, MemorySegment weights, int first) {
    int sum = 0;
    for (int i = 0; i < 16; i++) {
      int one = weights.get(JAVA_BYTE, Header.ONES - Header.BASE + first + i);
      sum += one * state.get(JAVA_SHORT, at + 2L * i);
    }
    return sum;
  }
}
