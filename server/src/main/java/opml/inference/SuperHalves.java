package opml.inference;

import static jdk.incubator.vector.VectorOperators.ASHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * From sums of whole blocks and of their first halves to the row's float, for the K formats of
 * nibbles with scales for 16 values.
 */
final class SuperHalves {
  private static final VectorSpecies<Integer> I = SuperTerms.I;
  private static final int PAD = Sums.PAD;

  private SuperHalves() {}

  /** Rows of t = (float) (s0 (d0 - 4 S0) + s1 (d1 - 4 S1)) * (f * dx): Q3_K. */
  static void centred(
      MemorySegment w,
      long s,
      long f,
      SuperActivation x,
      Scratch t,
      int[] first,
      MemorySegment y,
      long out,
      int rows) {
    int blocks = x.x.blocks;
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(SuperTerms.F);
      int o = PAD + r * blocks;
      for (int b = 0; b < blocks; b += 8) {
        IntVector p = IntVector.fromArray(I, x.halves, 2 * b).mul(4);
        IntVector q = IntVector.fromArray(I, x.halves, 2 * b + 8).mul(4);
        IntVector one = IntVector.fromArray(I, first, o + b);
        IntVector two = IntVector.fromArray(I, t.sums, o + b).sub(one);
        IntVector sum =
            one.sub(SuperTerms.even(p, q))
                .mul(SuperTerms.bytes(w, s))
                .add(two.sub(SuperTerms.odd(p, q)).mul(SuperTerms.bytes(w, s + 8)));
        FloatVector d = SuperTerms.scale(x, b).mul(SuperTerms.half(w, f));
        a = a.add(SuperTerms.floats(sum).mul(d));
        s += 16;
        f += 2;
      }
      SuperTerms.store(a, t, y, out + 4L * r);
    }
  }

  /** Rows of t = ((float) (a0 d0 + a1 d1) * f - (float) (m0 S0 + m1 S1) * g) * dx: Q2_K. */
  static void shifted(
      MemorySegment w,
      long s,
      long f,
      SuperActivation x,
      Scratch t,
      int[] first,
      MemorySegment y,
      long out,
      int rows) {
    int blocks = x.x.blocks;
    for (int r = 0; r < rows; r++) {
      FloatVector a = FloatVector.zero(SuperTerms.F);
      int o = PAD + r * blocks;
      for (int b = 0; b < blocks; b += 8) {
        IntVector p = IntVector.fromArray(I, x.halves, 2 * b);
        IntVector q = IntVector.fromArray(I, x.halves, 2 * b + 8);
        IntVector one = IntVector.fromArray(I, first, o + b);
        IntVector two = IntVector.fromArray(I, t.sums, o + b).sub(one);
        IntVector c = SuperTerms.bytes(w, s);
        IntVector d = SuperTerms.bytes(w, s + 8);
        FloatVector high = SuperTerms.floats(one.mul(c.and(15)).add(two.mul(d.and(15))));
        IntVector low = SuperTerms.even(p, q).mul(c.lanewise(ASHR, 4).and(15));
        low = low.add(SuperTerms.odd(p, q).mul(d.lanewise(ASHR, 4).and(15)));
        high = high.mul(SuperTerms.half(w, f));
        high = high.sub(SuperTerms.floats(low).mul(SuperTerms.half(w, f + 2)));
        a = a.add(high.mul(SuperTerms.scale(x, b)));
        s += 16;
        f += 4;
      }
      SuperTerms.store(a, t, y, out + 4L * r);
    }
  }
}
