package opml.inference.keccak;

import static jdk.incubator.vector.VectorOperators.AND_NOT;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import opml.commitment.Keccak;

/**
 * Keccak-f[1600] on as many states as a vector has lanes. The text is that of the plain permutation
 * in opml.commitment, with a vector in place of each long.
 */
final class WidePermutation {
  static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;

  /** States that are permuted together. */
  static final int LANES = S.length();

  /**
   * Words in front of the first lane: 64 bytes from an object's start, no vector crosses a line.
   */
  static final int PAD = 6;

  private WidePermutation() {}

  /**
   * Permutes {@code t}: PAD words, then LANES words for each of the 25 lanes of the states. Two
   * methods a round with the state in memory between them: the compiler gives up on one that holds
   * all 25 in variables.
   *
   * @param u as long as t
   */
  static void apply(long[] t, long[] u) {
    for (int r = 0; r < 24; r++) {
      linear(t, u);
      chi(u, t, Keccak.roundConstant(r));
    }
  }

  /** Theta, rho and pi. */
  private static void linear(long[] t, long[] u) {
    LongVector a0 = load(t, 0);
    LongVector a1 = load(t, 1);
    LongVector a2 = load(t, 2);
    LongVector a3 = load(t, 3);
    LongVector a4 = load(t, 4);
    LongVector a5 = load(t, 5);
    LongVector a6 = load(t, 6);
    LongVector a7 = load(t, 7);
    LongVector a8 = load(t, 8);
    LongVector a9 = load(t, 9);
    LongVector a10 = load(t, 10);
    LongVector a11 = load(t, 11);
    LongVector a12 = load(t, 12);
    LongVector a13 = load(t, 13);
    LongVector a14 = load(t, 14);
    LongVector a15 = load(t, 15);
    LongVector a16 = load(t, 16);
    LongVector a17 = load(t, 17);
    LongVector a18 = load(t, 18);
    LongVector a19 = load(t, 19);
    LongVector a20 = load(t, 20);
    LongVector a21 = load(t, 21);
    LongVector a22 = load(t, 22);
    LongVector a23 = load(t, 23);
    LongVector a24 = load(t, 24);
    LongVector c0 = xor5(a0, a5, a10, a15, a20);
    LongVector c1 = xor5(a1, a6, a11, a16, a21);
    LongVector c2 = xor5(a2, a7, a12, a17, a22);
    LongVector c3 = xor5(a3, a8, a13, a18, a23);
    LongVector c4 = xor5(a4, a9, a14, a19, a24);
    LongVector d0 = c4.lanewise(XOR, c1.lanewise(ROL, 1));
    LongVector d1 = c0.lanewise(XOR, c2.lanewise(ROL, 1));
    LongVector d2 = c1.lanewise(XOR, c3.lanewise(ROL, 1));
    LongVector d3 = c2.lanewise(XOR, c4.lanewise(ROL, 1));
    LongVector d4 = c3.lanewise(XOR, c0.lanewise(ROL, 1));
    a0.lanewise(XOR, d0).intoArray(u, PAD);
    a5.lanewise(XOR, d0).lanewise(ROL, 36).intoArray(u, PAD + 16 * LANES);
    a10.lanewise(XOR, d0).lanewise(ROL, 3).intoArray(u, PAD + 7 * LANES);
    a15.lanewise(XOR, d0).lanewise(ROL, 41).intoArray(u, PAD + 23 * LANES);
    a20.lanewise(XOR, d0).lanewise(ROL, 18).intoArray(u, PAD + 14 * LANES);
    a1.lanewise(XOR, d1).lanewise(ROL, 1).intoArray(u, PAD + 10 * LANES);
    a6.lanewise(XOR, d1).lanewise(ROL, 44).intoArray(u, PAD + 1 * LANES);
    a11.lanewise(XOR, d1).lanewise(ROL, 10).intoArray(u, PAD + 17 * LANES);
    a16.lanewise(XOR, d1).lanewise(ROL, 45).intoArray(u, PAD + 8 * LANES);
    a21.lanewise(XOR, d1).lanewise(ROL, 2).intoArray(u, PAD + 24 * LANES);
    a2.lanewise(XOR, d2).lanewise(ROL, 62).intoArray(u, PAD + 20 * LANES);
    a7.lanewise(XOR, d2).lanewise(ROL, 6).intoArray(u, PAD + 11 * LANES);
    a12.lanewise(XOR, d2).lanewise(ROL, 43).intoArray(u, PAD + 2 * LANES);
    a17.lanewise(XOR, d2).lanewise(ROL, 15).intoArray(u, PAD + 18 * LANES);
    a22.lanewise(XOR, d2).lanewise(ROL, 61).intoArray(u, PAD + 9 * LANES);
    a3.lanewise(XOR, d3).lanewise(ROL, 28).intoArray(u, PAD + 5 * LANES);
    a8.lanewise(XOR, d3).lanewise(ROL, 55).intoArray(u, PAD + 21 * LANES);
    a13.lanewise(XOR, d3).lanewise(ROL, 25).intoArray(u, PAD + 12 * LANES);
    a18.lanewise(XOR, d3).lanewise(ROL, 21).intoArray(u, PAD + 3 * LANES);
    a23.lanewise(XOR, d3).lanewise(ROL, 56).intoArray(u, PAD + 19 * LANES);
    a4.lanewise(XOR, d4).lanewise(ROL, 27).intoArray(u, PAD + 15 * LANES);
    a9.lanewise(XOR, d4).lanewise(ROL, 20).intoArray(u, PAD + 6 * LANES);
    a14.lanewise(XOR, d4).lanewise(ROL, 39).intoArray(u, PAD + 22 * LANES);
    a19.lanewise(XOR, d4).lanewise(ROL, 8).intoArray(u, PAD + 13 * LANES);
    a24.lanewise(XOR, d4).lanewise(ROL, 14).intoArray(u, PAD + 4 * LANES);
  }

  /** Chi and iota. */
  private static void chi(long[] u, long[] t, long constant) {
    for (int row = 0; row < 25; row += 5) {
      LongVector b0 = load(u, row);
      LongVector b1 = load(u, row + 1);
      LongVector b2 = load(u, row + 2);
      LongVector b3 = load(u, row + 3);
      LongVector b4 = load(u, row + 4);
      chi(b0, b1, b2).intoArray(t, PAD + row * LANES);
      chi(b1, b2, b3).intoArray(t, PAD + (row + 1) * LANES);
      chi(b2, b3, b4).intoArray(t, PAD + (row + 2) * LANES);
      chi(b3, b4, b0).intoArray(t, PAD + (row + 3) * LANES);
      chi(b4, b0, b1).intoArray(t, PAD + (row + 4) * LANES);
    }
    load(t, 0).lanewise(XOR, constant).intoArray(t, PAD);
  }

  private static LongVector xor5(
      LongVector a, LongVector b, LongVector c, LongVector d, LongVector e) {
    return a.lanewise(XOR, b).lanewise(XOR, c).lanewise(XOR, d.lanewise(XOR, e));
  }

  private static LongVector load(long[] t, int lane) {
    return LongVector.fromArray(S, t, PAD + lane * LANES);
  }

  /** a ^ (~b & c). */
  private static LongVector chi(LongVector a, LongVector b, LongVector c) {
    return a.lanewise(XOR, c.lanewise(AND_NOT, b));
  }
}
