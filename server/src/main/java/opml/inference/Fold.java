package opml.inference;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Adds the lane sums of each block: d[b] = p[n b] + ... + p[n b + n - 1], n = 8 or 4. */
final class Fold {
  private static final VectorSpecies<Integer> S = Sums.S;
  private static final int PAD = Sums.PAD;

  /** Blocks are folded in multiples of this. */
  static final int UNIT = 16;

  private static final IntVector EVEN = IntVector.zero(S).addIndex(2);
  private static final IntVector ODD = EVEN.add(1);
  private static final VectorMask<Integer> M1 = VectorMask.fromLong(S, 0xaaaa);
  private static final VectorMask<Integer> M2 = VectorMask.fromLong(S, 0xcccc);
  private static final VectorMask<Integer> M4 = VectorMask.fromLong(S, 0xf0f0);
  private static final VectorShuffle<Integer> X1 = flip(1);
  private static final VectorShuffle<Integer> X2 = flip(2);
  private static final VectorShuffle<Integer> X4 = flip(4);
  private static final VectorShuffle<Integer> ORDER =
      VectorShuffle.fromOp(S, i -> ((i & 1) << 2 | i >> 1 & 3) & S.length() - 1);

  private Fold() {}

  private static VectorShuffle<Integer> flip(int bit) {
    return VectorShuffle.fromOp(S, i -> (i ^ bit) & S.length() - 1);
  }

  /** Folds {@code blocks}, a multiple of {@link #UNIT}, of eight lane sums. */
  static void eight(int[] p, int[] d, int blocks) {
    if (Sums.LANES == 16) {
      eight16(p, d, blocks);
    } else {
      eight8(p, d, blocks);
    }
  }

  /** The same for four lane sums. */
  static void four(int[] p, int[] d, int blocks) {
    if (Sums.LANES == 16) {
      four16(p, d, blocks);
    } else {
      four8(p, d, blocks);
    }
  }

  private static IntVector at(int[] p, int o) {
    return IntVector.fromArray(S, p, PAD + o);
  }

  /** Neighbours added: x's sums in the lower half, y's in the upper. */
  private static IntVector pair(IntVector x, IntVector y) {
    return EVEN.selectFrom(x, y).add(ODD.selectFrom(x, y));
  }

  private static void eight16(int[] p, int[] d, int blocks) {
    for (int b = 0; b < blocks; b += 16) {
      int o = 8 * b;
      IntVector x = pair(pair(at(p, o), at(p, o + 16)), pair(at(p, o + 32), at(p, o + 48)));
      IntVector y = pair(pair(at(p, o + 64), at(p, o + 80)), pair(at(p, o + 96), at(p, o + 112)));
      pair(x, y).intoArray(d, PAD + b);
    }
  }

  private static void four16(int[] p, int[] d, int blocks) {
    for (int b = 0; b < blocks; b += 16) {
      int o = 4 * b;
      pair(pair(at(p, o), at(p, o + 16)), pair(at(p, o + 32), at(p, o + 48))).intoArray(d, PAD + b);
    }
  }

  // 256 bits have no two-vector selection: butterflies, lane bit by lane bit

  private static IntVector one(IntVector x, IntVector y) {
    return x.blend(y, M1).add(y.blend(x, M1).rearrange(X1));
  }

  private static IntVector two(IntVector x, IntVector y) {
    return x.blend(y, M2).add(y.blend(x, M2).rearrange(X2));
  }

  private static IntVector three(IntVector x, IntVector y) {
    return x.blend(y, M4).add(y.blend(x, M4).rearrange(X4));
  }

  private static void eight8(int[] p, int[] d, int blocks) {
    for (int b = 0; b < blocks; b += 8) {
      int o = 8 * b;
      IntVector x = two(one(at(p, o), at(p, o + 8)), one(at(p, o + 16), at(p, o + 24)));
      IntVector y = two(one(at(p, o + 32), at(p, o + 40)), one(at(p, o + 48), at(p, o + 56)));
      three(x, y).intoArray(d, PAD + b);
    }
  }

  private static void four8(int[] p, int[] d, int blocks) {
    for (int b = 0; b < blocks; b += 8) {
      int o = 4 * b;
      two(one(at(p, o), at(p, o + 8)), one(at(p, o + 16), at(p, o + 24)))
          .rearrange(ORDER)
          .intoArray(d, PAD + b);
    }
  }
}
