package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2B;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Quantized;

/** Activation vectors as {@link RowsCode} reads them: two planes of bytes. */
final class PlaneTable implements Table {
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_256;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;

  private final boolean nibbles;
  private final int center;
  private final int blocks;
  private final int vectors;
  private final MemorySegment content;

  /** Room for vectors of {@code blocks} blocks that meet weights of a format. */
  PlaneTable(Arena arena, Form form, int blocks, int vectors) {
    nibbles = form.nibbles;
    center = form.center();
    this.blocks = blocks;
    this.vectors = vectors;
    long groups = Quantized.padded(blocks) / 8;
    content = arena.allocate(groups * vectors * RowsCode.GROUP_BYTES, 64);
  }

  @Override
  public long address() {
    return content.address();
  }

  @Override
  public boolean take(MemorySegment state, long at, int v, MemorySegment weights) {
    ShortVector outside = ShortVector.zero(S);
    long scales = Quantized.scales(at, blocks);
    long sums = Quantized.sums(at, blocks);
    for (int b = 0; b < blocks; b++) {
      long group = ((long) (b >> 3) * vectors + v) * RowsCode.GROUP_BYTES;
      long to = group + (nibbles ? (b & 4) << 6 | (b & 3) << 4 : (b & 6) << 6 | (b & 1) << 5);
      long second = to + (nibbles ? 64 : 16);
      long low = nibbles ? 128 : 64;
      ShortVector x = ShortVector.fromMemorySegment(S, state, at + 64L * b, LITTLE_ENDIAN);
      ShortVector y = ShortVector.fromMemorySegment(S, state, at + 64L * b + 32, LITTLE_ENDIAN);
      bytes(x.lanewise(ASHR, 7)).intoMemorySegment(content, to, LITTLE_ENDIAN);
      bytes(x.and((short) 127)).intoMemorySegment(content, to + low, LITTLE_ENDIAN);
      bytes(y.lanewise(ASHR, 7)).intoMemorySegment(content, second, LITTLE_ENDIAN);
      bytes(y.and((short) 127)).intoMemorySegment(content, second + low, LITTLE_ENDIAN);
      outside = outside.or(x.add((short) 0x4000)).or(y.add((short) 0x4000));
      float scale = state.get(JAVA_FLOAT, scales + 4L * b);
      int sum = state.get(JAVA_INT, sums + 4L * b);
      long lane = group + 4L * (b & 7);
      content.set(JAVA_FLOAT, lane + RowsCode.SCALE, scale);
      content.set(JAVA_FLOAT, lane + RowsCode.SCALED_SUM, scale * (float) sum);
      content.set(
          JAVA_INT, lane + RowsCode.BIAS, nibbles ? center * sum : total(state, at + 64L * b) << 7);
    }
    return outside.reduceLanes(OR) >= 0;
  }

  private static ByteVector bytes(ShortVector v) {
    return (ByteVector) v.convertShape(S2B, B, 0);
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
