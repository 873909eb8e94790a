package opml.inference;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;

/** Twins of the element-wise kernels over STATE: eight floats at a time, offsets checked before. */
final class Vectors {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final float NAN = Float.intBitsToFloat(0x7fc00000);

  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, i -> i & -2);
  private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(F, i -> i | 1);
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F, i -> i ^ 1);

  /** a cos - b sin is a cos + b (-sin), bit for bit. */
  private static final IntVector SIGNS =
      IntVector.fromArray(I, new int[] {1 << 31, 0, 1 << 31, 0, 1 << 31, 0, 1 << 31, 0}, 0);

  private Vectors() {}

  static FloatVector load(MemorySegment s, long at) {
    return FloatVector.fromMemorySegment(F, s, at, LITTLE_ENDIAN);
  }

  /** Stores NaN as 7fc00000 (INV-07). */
  static void store(FloatVector v, MemorySegment s, long at) {
    v.blend(NAN, v.test(IS_NAN)).intoMemorySegment(s, at, LITTLE_ENDIAN);
  }

  static void add(MemorySegment s, long x, long y, int n) {
    for (int i = 0; i < n; i += 8) {
      store(load(s, x + 4L * i).add(load(s, y + 4L * i)), s, x + 4L * i);
    }
  }

  static void normalize(
      MemorySegment s,
      long x,
      MemorySegment w,
      long weight,
      long out,
      int n,
      float epsilon,
      float[] lanes) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < n; i += 8) {
      FloatVector a = load(s, x + 4L * i);
      sum = sum.add(a.mul(a));
    }
    sum.intoArray(lanes, 0);
    float r = 1f / Floats.sqrt(Terms.tree(lanes) / (float) n + epsilon);
    for (int i = 0; i < n; i += 8) {
      store(load(s, x + 4L * i).mul(r).mul(load(w, weight + 4L * i)), s, out + 4L * i);
    }
  }

  /** In strips, exponentials first: C2 stops inlining vector calls in larger loops. */
  static void activate(MemorySegment s, long gate, long up, int n, float[] strip) {
    for (int from = 0; from < n; from += strip.length) {
      int length = Math.min(strip.length, n - from);
      for (int i = 0; i < length; i += 8) {
        IntVector g = load(s, gate + 4L * (from + i)).reinterpretAsInts();
        exp(g.lanewise(XOR, 0x80000000).reinterpretAsFloats()).intoArray(strip, i);
      }
      for (int i = 0; i < length; i += 8) {
        long at = 4L * (from + i);
        FloatVector g = load(s, gate + at).div(FloatVector.fromArray(F, strip, i).add(1f));
        store(g.mul(load(s, up + at)), s, gate + at);
      }
    }
  }

  /** Pairs (a, b) of each head become (a cos - b sin, a sin + b cos); headDim a multiple of 8. */
  static void rotate(MemorySegment s, long x, int heads, int headDim, MemorySegment w, long table) {
    for (int d = 0; d < headDim; d += 8) {
      FloatVector t = load(w, table + 4L * d);
      FloatVector cos = t.rearrange(EVEN);
      FloatVector sin =
          t.rearrange(ODD).reinterpretAsInts().lanewise(XOR, SIGNS).reinterpretAsFloats();
      for (int h = 0; h < heads; h++) {
        long at = x + 4L * (h * headDim + d);
        FloatVector v = load(s, at);
        store(v.mul(cos).add(v.rearrange(SWAP).mul(sin)), s, at);
      }
    }
  }

  /** {@link Floats#exp}, operation by operation; NaN gives some NaN. */
  static FloatVector exp(FloatVector x) {
    FloatVector c = x.blend(88f, x.compare(GT, 88f));
    c = c.blend(-87f, c.compare(LT, -87f));
    FloatVector shifted = c.mul(1.44269504f).add(Floats.MAGIC);
    FloatVector n = shifted.sub(Floats.MAGIC);
    FloatVector r = c.sub(n.mul(0.693359375f)).sub(n.mul(-2.12194440e-4f));
    FloatVector p = r.mul(0.00139261817f).add(0.008363178f);
    p = p.mul(r).add(0.0416665561f).mul(r).add(0.166665763f).mul(r).add(0.5f);
    p = p.mul(r).add(1f).mul(r).add(1f);
    IntVector e = shifted.reinterpretAsInts().sub(Floats.MAGIC_BITS).lanewise(LSHL, 23);
    return p.reinterpretAsInts().add(e).reinterpretAsFloats().blend(NAN, x.test(IS_NAN));
  }

  /** exp(s - top) in place; n of any size. */
  static void exps(MemorySegment s, long at, int n, float top) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      store(exp(load(s, at + 4L * i).sub(top)), s, at + 4L * i);
    }
    for (; i < n; i++) {
      float e = Floats.exp(s.get(ValueLayout.JAVA_FLOAT, at + 4L * i) - top);
      s.set(ValueLayout.JAVA_INT, at + 4L * i, Floats.bits(e));
    }
  }

  static void scale(MemorySegment s, long at, int n, float f) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      store(load(s, at + 4L * i).mul(f), s, at + 4L * i);
    }
    for (; i < n; i++) {
      float v = s.get(ValueLayout.JAVA_FLOAT, at + 4L * i) * f;
      s.set(ValueLayout.JAVA_INT, at + 4L * i, Floats.bits(v));
    }
  }

  /** Sum in eight lanes; n of any size. */
  static float sum(MemorySegment s, long at, int n, float[] lanes) {
    FloatVector sum = FloatVector.zero(F);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      sum = sum.add(load(s, at + 4L * i));
    }
    sum.intoArray(lanes, 0);
    for (int l = 0; i < n; i++, l++) {
      lanes[l] += s.get(ValueLayout.JAVA_FLOAT, at + 4L * i);
    }
    return Terms.tree(lanes);
  }

  /** The largest value that is not NaN, minus infinity when there is none. */
  static float max(MemorySegment s, long at, int n) {
    FloatVector top = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      FloatVector v = load(s, at + 4L * i);
      top = top.blend(v, v.compare(GT, top));
    }
    float best = Float.NEGATIVE_INFINITY;
    for (int l = 0; l < 8; l++) {
      float v = top.lane(l);
      best = v > best ? v : best;
    }
    for (; i < n; i++) {
      float v = s.get(ValueLayout.JAVA_FLOAT, at + 4L * i);
      best = v > best ? v : best;
    }
    return best;
  }

  /** Lowest index of the largest value; 0 when all are NaN. */
  static int argmax(MemorySegment s, long at, int n) {
    float top = max(s, at, n);
    if (top == Float.NEGATIVE_INFINITY) {
      return 0;
    }
    for (int i = 0; i < n; i++) {
      if (s.get(ValueLayout.JAVA_FLOAT, at + 4L * i) == top) {
        return i;
      }
    }
    return 0;
  }

  /** Largest magnitude as float bits of n floats, n a multiple of 8. */
  static int magnitude(MemorySegment s, long at, int n) {
    IntVector top = IntVector.zero(I);
    for (int i = 0; i < n; i += 8) {
      top = top.max(IntVector.fromMemorySegment(I, s, at + 4L * i, LITTLE_ENDIAN).and(0x7fffffff));
    }
    return top.reduceLanes(jdk.incubator.vector.VectorOperators.MAX);
  }
}
