package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;
import opml.guest.Header;

/** Attention of one head by the Vector API, where nothing is emitted; for one thread. */
final class HeadTwin {
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_128;

  private final int[] query = new int[Header.MAX_HEAD_DIM];
  private final float[] lanes = new float[8];
  private float queryScale;
  private int headDim;

  /** Takes a query of two planes of bytes. */
  void query(MemorySegment s, long high, float scale, int dims) {
    headDim = dims;
    queryScale = scale;
    for (int d = 0; d < dims; d++) {
      query[d] = (s.get(JAVA_BYTE, high + d) << 7) + s.get(JAVA_BYTE, high + dims + d);
    }
  }

  /** Scores of all positions. */
  void score(MemorySegment s, long keys, long scales, int positions, float scale, long to) {
    for (int p = 0; p < positions; p++) {
      int dot = dot(s, keys + 2L * p * headDim, query, headDim);
      float dk = s.get(JAVA_FLOAT, scales + 4L * p);
      s.set(JAVA_INT, to + 4L * p, Floats.bits((float) dot * (queryScale * dk) * scale));
    }
  }

  /** Scores become weights. */
  void softmax(MemorySegment s, long at, int positions) {
    Vectors.exps(s, at, positions, Vectors.max(s, at, positions));
    Vectors.scale(s, at, positions, 1f / Vectors.sum(s, at, positions, lanes));
  }

  private static int dot(MemorySegment s, long k, int[] q, int n) {
    IntVector a = IntVector.zero(I);
    IntVector b = IntVector.zero(I);
    for (int d = 0; d < n; d += 16) {
      a = a.add(ints(s, k + 2L * d).mul(IntVector.fromArray(I, q, d)));
      b = b.add(ints(s, k + 2L * d + 16).mul(IntVector.fromArray(I, q, d + 8)));
    }
    return a.add(b).reduceLanes(ADD);
  }

  private static IntVector ints(MemorySegment s, long at) {
    return (IntVector)
        ShortVector.fromMemorySegment(H, s, at, LITTLE_ENDIAN).convertShape(S2I, I, 0);
  }

  /** 32 dimensions: o += (p * dv) * (float) v, positions ascending. */
  static void mix(
      MemorySegment s, long weight, long v, long scale, long stride, int positions, long out) {
    FloatVector o0 = FloatVector.zero(F);
    FloatVector o1 = o0;
    FloatVector o2 = o0;
    FloatVector o3 = o0;
    for (int p = 0; p < positions; p++) {
      float f = s.get(JAVA_FLOAT, weight + 4L * p) * s.get(JAVA_FLOAT, scale + 4L * p);
      long a = v + stride * p;
      o0 = o0.add(floats(s, a).mul(f));
      o1 = o1.add(floats(s, a + 16).mul(f));
      o2 = o2.add(floats(s, a + 32).mul(f));
      o3 = o3.add(floats(s, a + 48).mul(f));
    }
    Vectors.store(o0, s, out);
    Vectors.store(o1, s, out + 32);
    Vectors.store(o2, s, out + 64);
    Vectors.store(o3, s, out + 96);
  }

  private static FloatVector floats(MemorySegment s, long at) {
    return (FloatVector) ints(s, at).convertShape(I2F, F, 0);
  }
}
