package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;

/**
 * From block sums of the K formats to the row's float: a super-block is eight blocks, one for each
 * lane, then the fixed tree (docs/protocol.md section 8). Factors may be infinite or NaN.
 */
final class SuperTerms {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_64;
  static final int PAD = Sums.PAD;
  private static final VectorShuffle<Integer> EVEN = VectorShuffle.fromOp(I, i -> 2 * i & 7);
  private static final VectorShuffle<Integer> ODD = VectorShuffle.fromOp(I, i -> 2 * i + 1 & 7);
  private static final VectorMask<Integer> UPPER = VectorMask.fromLong(I, 0xf0);

  private SuperTerms() {}

  /** Rows of t = ((float) (sc (d - bias)) * f - (float) (mn S) * g) * dx: Q4_K and Q5_K. */
  static void shifted(
      MemorySegment w,
      long s,
      long f,
      SuperActivation x,
      int[] bias,
      Scratch t,
      MemorySegment y,
      long out,
      int rows) {
    int blocks = x.x.blocks;
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(F);
      int o = PAD + r * blocks;
      for (int b = 0; b < blocks; b += 8) {
        IntVector i = IntVector.fromArray(I, t.sums, o + b).sub(IntVector.fromArray(I, bias, b));
        FloatVector high = floats(i.mul(bytes(w, s).and(255))).mul(half(w, f));
        IntVector low = bytes(w, s + 8).and(255).mul(IntVector.fromArray(I, x.sums, b));
        a = a.add(high.sub(floats(low).mul(half(w, f + 2))).mul(scale(x, b)));
        s += 16;
        f += 4;
      }
      store(a, t, y, out + 4L * r);
    }
  }

  /** Rows of t = (float) (s0 d0 + s1 d1) * (f * dx): Q6_K. */
  static void signed(
      MemorySegment w,
      long s,
      long f,
      SuperActivation x,
      Scratch t,
      MemorySegment y,
      long out,
      int rows) {
    int blocks = x.x.blocks;
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(F);
      int o = PAD + 2 * r * blocks;
      for (int b = 0; b < blocks; b += 8) {
        IntVector p = part(t.sums, o + 2 * b, x.bias, 2 * b);
        IntVector q = part(t.sums, o + 2 * b + 8, x.bias, 2 * b + 8);
        IntVector sum = even(p, q).mul(bytes(w, s)).add(odd(p, q).mul(bytes(w, s + 8)));
        a = a.add(floats(sum).mul(scale(x, b).mul(half(w, f))));
        s += 16;
        f += 2;
      }
      store(a, t, y, out + 4L * r);
    }
  }

  private static IntVector part(int[] sums, int at, int[] bias, int b) {
    return IntVector.fromArray(I, sums, at).sub(IntVector.fromArray(I, bias, b));
  }

  /** Items 0, 2, 4 .. of sixteen. */
  static IntVector even(IntVector p, IntVector q) {
    return p.rearrange(EVEN).blend(q.rearrange(EVEN), UPPER);
  }

  /** Items 1, 3, 5 .. of sixteen. */
  static IntVector odd(IntVector p, IntVector q) {
    return p.rearrange(ODD).blend(q.rearrange(ODD), UPPER);
  }

  static IntVector bytes(MemorySegment w, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, w, at, LITTLE_ENDIAN).convertShape(B2I, I, 0);
  }

  static FloatVector floats(IntVector i) {
    return (FloatVector) i.convertShape(I2F, F, 0);
  }

  static FloatVector scale(SuperActivation x, int b) {
    return FloatVector.fromArray(F, x.x.scale, b);
  }

  static float half(MemorySegment w, long at) {
    return Floats.half(w.get(JAVA_SHORT_UNALIGNED, at) & 0xffff);
  }

  static void store(FloatVector lanes, Scratch t, MemorySegment y, long at) {
    lanes.intoArray(t.lanes, 0);
    y.set(JAVA_INT, at, Floats.bits(Terms.tree(t.lanes)));
  }
}
