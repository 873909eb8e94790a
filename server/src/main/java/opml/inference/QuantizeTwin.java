package opml.inference;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2S;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;

/** Twins of the quantizers (docs/protocol.md section 8). */
final class QuantizeTwin {
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_128;
  private static final int TINY_BITS = 0x0d800000;

  private QuantizeTwin() {}

  /** Blocks of 32 at offsets of STATE; 1 when some block was not finite. */
  static int blocks(
      MemorySegment s, long x, int blocks, int limit, long out, long scales, long sums) {
    int bad = 0;
    for (int b = 0; b < blocks; b++) {
      int top = Vectors.magnitude(s, x + 128L * b, 32);
      if (top < TINY_BITS || top >= Floats.INFINITE_BITS) {
        bad |= top < TINY_BITS ? 0 : 1;
        s.asSlice(out + 64L * b, 64).fill((byte) 0);
        s.set(ValueLayout.JAVA_INT, scales + 4L * b, 0);
        s.set(ValueLayout.JAVA_INT, sums + 4L * b, 0);
      } else {
        float a = Floats.fromBits(top);
        float inverse = (float) limit / a;
        int sum = 0;
        for (int i = 0; i < 32; i += 8) {
          IntVector q = round(s, x + 128L * b + 4L * i, inverse);
          shorts(q).intoMemorySegment(s, out + 64L * b + 2L * i, LITTLE_ENDIAN);
          sum += q.reduceLanes(ADD);
        }
        s.set(ValueLayout.JAVA_FLOAT, scales + 4L * b, a / (float) limit);
        s.set(ValueLayout.JAVA_INT, sums + 4L * b, sum);
      }
    }
    return bad;
  }

  /** One head vector of n values, n a multiple of 8; planes: as 128 * hi + lo in bytes. */
  static int head(MemorySegment s, long x, int n, int limit, long out, long scale, boolean planes) {
    int top = Vectors.magnitude(s, x, n);
    if (top < TINY_BITS || top >= Floats.INFINITE_BITS) {
      s.asSlice(out, 2L * n).fill((byte) 0);
      s.set(ValueLayout.JAVA_INT, scale, 0);
      return top < TINY_BITS ? 0 : 1;
    }
    float a = Floats.fromBits(top);
    float inverse = (float) limit / a;
    for (int i = 0; i < n; i += 8) {
      IntVector q = round(s, x + 4L * i, inverse);
      if (planes) {
        for (int l = 0; l < 8; l++) {
          int v = q.lane(l);
          s.set(ValueLayout.JAVA_BYTE, out + i + l, (byte) (v >> 7));
          s.set(ValueLayout.JAVA_BYTE, out + n + i + l, (byte) (v & 127));
        }
      } else {
        shorts(q).intoMemorySegment(s, out + 2L * i, LITTLE_ENDIAN);
      }
    }
    s.set(ValueLayout.JAVA_FLOAT, scale, a / (float) limit);
    return 0;
  }

  private static IntVector round(MemorySegment s, long at, float inverse) {
    return Vectors.load(s, at)
        .mul(inverse)
        .add(Floats.MAGIC)
        .reinterpretAsInts()
        .sub(Floats.MAGIC_BITS);
  }

  private static ShortVector shorts(IntVector q) {
    return (ShortVector) q.convertShape(I2S, H, 0);
  }
}
