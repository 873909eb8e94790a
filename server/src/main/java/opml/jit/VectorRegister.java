package opml.jit;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * V with vector instructions, for hosts that have them 256 bits wide. Each method is compiled alone
 * (launcher flags): C2 stops inlining vector calls in large ones.
 */
final class VectorRegister {
  static final boolean WIDE = IntVector.SPECIES_PREFERRED.vectorBitSize() >= 256;

  private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
  private static final VectorSpecies<Integer> FOUR = IntVector.SPECIES_128;
  private static final VectorSpecies<Integer> TWO = IntVector.SPECIES_64;

  private VectorRegister() {}

  private static IntVector bytes(int[] page, int from) {
    return (IntVector)
        IntVector.fromArray(TWO, page, from).reinterpretAsBytes().convertShape(B2I, EIGHT, 0);
  }

  /** Eight words of signed bytes. */
  static void load(int[] v, int[] page, int from) {
    bytes(page, from).intoArray(v, 0);
    bytes(page, from + 2).intoArray(v, 8);
    bytes(page, from + 4).intoArray(v, 16);
    bytes(page, from + 6).intoArray(v, 24);
  }

  /** Four words of nibbles, the low ones first. */
  static void loadNibbles(int[] v, int[] page, int from) {
    IntVector a = bytes(page, from);
    IntVector b = bytes(page, from + 2);
    a.and(15).intoArray(v, 0);
    b.and(15).intoArray(v, 8);
    a.lanewise(LSHR, 4).and(15).intoArray(v, 16);
    b.lanewise(LSHR, 4).and(15).intoArray(v, 24);
  }

  private static IntVector halves(int[] page, int from) {
    return (IntVector)
        IntVector.fromArray(FOUR, page, from).reinterpretAsShorts().convertShape(S2I, EIGHT, 0);
  }

  /** Sum of 16 products of V, from {@code half} on, with signed 16-bit halves of eight words. */
  static int dot(int[] v, int half, int[] page, int from) {
    return IntVector.fromArray(EIGHT, v, half)
        .mul(halves(page, from))
        .add(IntVector.fromArray(EIGHT, v, half + 8).mul(halves(page, from + 4)))
        .reduceLanes(ADD);
  }
}
