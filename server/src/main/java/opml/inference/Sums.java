package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact sums of weight times activation in 32-bit lanes, everything modulo 2^32. Part k of a lane v
 * (8 or 4 bits) is (v >>> sk) - 2^s (v >>> s(k+1)): with multipliers q_k - 2^s q_(k-1) no mask is
 * needed. Each method is compiled alone (launcher flags): C2 stops inlining vector calls in large
 * ones. Speed depends on 64-byte aligned tables, hence {@link #PAD}; results do not.
 */
final class Sums {
  static final VectorSpecies<Integer> S = IntVector.SPECIES_PREFERRED;
  static final int LANES = S.length();

  /** Ints before the first entry of a table: with the 16-byte array header, 64 bytes. */
  static final int PAD = 12;

  private static final int STEP = 4 * LANES;
  private static final int LINE = 64;

  /**
   * Bytes fetched ahead by plain loads, one a line: as many lines as a core can wait for at once.
   * Vector loads alone wait for memory almost line by line on some machines.
   */
  private static final int BURST = 1152;

  private Sums() {}

  /**
   * 8-bit weights plus 128 times q: eight lane sums per block of 32 bytes.
   *
   * @param t multipliers, four vectors per vector of weights, from {@code PAD} to {@code end}, then
   *     again
   * @param p lane sums from {@code PAD} on
   * @return of no meaning: keeps the loads ahead from being removed
   */
  static int bytes(MemorySegment w, long at, int[] t, int end, int[] p, int bytes) {
    int o = PAD;
    int seen = 0;
    for (int from = 0; from < bytes; from += BURST) {
      int to = Math.min(bytes, from + BURST);
      for (int i = from; i < to; i += LINE) {
        seen += w.get(JAVA_INT_UNALIGNED, at + i);
      }
      for (int i = from; i < to; i += STEP) {
        IntVector v =
            IntVector.fromMemorySegment(S, w, at + i, LITTLE_ENDIAN).lanewise(XOR, 0x80808080);
        IntVector a =
            v.mul(IntVector.fromArray(S, t, o))
                .add(v.lanewise(LSHR, 8).mul(IntVector.fromArray(S, t, o + LANES)));
        IntVector b =
            v.lanewise(LSHR, 16)
                .mul(IntVector.fromArray(S, t, o + 2 * LANES))
                .add(v.lanewise(LSHR, 24).mul(IntVector.fromArray(S, t, o + 3 * LANES)));
        a.add(b).intoArray(p, PAD + (i >> 2));
        o += 4 * LANES;
        if (o == end) {
          o = PAD;
        }
      }
    }
    return seen;
  }

  /** 4-bit weights 0..15 times q: four lane sums per block of 16 bytes; eight vectors a vector. */
  static int nibbles(MemorySegment w, long at, int[] t, int end, int[] p, int bytes) {
    int o = PAD;
    int seen = 0;
    for (int from = 0; from < bytes; from += BURST) {
      int to = Math.min(bytes, from + BURST);
      for (int i = from; i < to; i += LINE) {
        seen += w.get(JAVA_INT_UNALIGNED, at + i);
      }
      for (int i = from; i < to; i += STEP) {
        IntVector v = IntVector.fromMemorySegment(S, w, at + i, LITTLE_ENDIAN);
        IntVector a =
            v.mul(IntVector.fromArray(S, t, o))
                .add(v.lanewise(LSHR, 4).mul(IntVector.fromArray(S, t, o + LANES)));
        IntVector b =
            v.lanewise(LSHR, 8)
                .mul(IntVector.fromArray(S, t, o + 2 * LANES))
                .add(v.lanewise(LSHR, 12).mul(IntVector.fromArray(S, t, o + 3 * LANES)));
        IntVector c =
            v.lanewise(LSHR, 16)
                .mul(IntVector.fromArray(S, t, o + 4 * LANES))
                .add(v.lanewise(LSHR, 20).mul(IntVector.fromArray(S, t, o + 5 * LANES)));
        IntVector d =
            v.lanewise(LSHR, 24)
                .mul(IntVector.fromArray(S, t, o + 6 * LANES))
                .add(v.lanewise(LSHR, 28).mul(IntVector.fromArray(S, t, o + 7 * LANES)));
        a.add(b).add(c.add(d)).intoArray(p, PAD + (i >> 2));
        o += 8 * LANES;
        if (o == end) {
          o = PAD;
        }
      }
    }
    return seen;
  }
}
