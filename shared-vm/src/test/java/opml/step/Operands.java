package opml.step;

import java.util.random.RandomGenerator;

/** Operands that meet rounding: edges, near exponents, halves of the last place. */
final class Operands {
  private static final int[] EDGES = {
    0,
    1,
    2,
    0x7fffff,
    0x800000,
    0x800001,
    0x3f800000,
    0x3f800001,
    0x3f7fffff,
    0x40000000,
    0x33800000,
    0x33800001,
    0x34000000,
    0x4b000000,
    0x4b800000,
    0x4f000000,
    0x4effffff,
    0x4f800000,
    0x5effffff,
    0x5f000000,
    0x5f800000,
    0x7f7fffff,
    0x7f800000,
    0x7f800001,
    0x7fc00000,
    0x7fffffff,
    0x38800000,
    0x387fc000,
    0x33000000,
    0x477fe000,
    0x477fefff,
    0x477ff000,
    0x1f800000,
    0x20000000
  };

  private Operands() {}

  /** Number of edge values, both signs. */
  static int edges() {
    return 2 * EDGES.length;
  }

  static int edge(int i) {
    return EDGES[i >> 1] | i << 31;
  }

  /** Any bits, or an edge. */
  static int single(RandomGenerator r) {
    return r.nextInt(8) == 0 ? edge(r.nextInt(edges())) : r.nextInt();
  }

  /** A partner whose exponent is near and whose fraction is often sparse. */
  static int near(RandomGenerator r, int a) {
    return switch (r.nextInt(4)) {
      case 0 -> single(r);
      case 1 -> a + (r.nextInt(53) - 26 << 23) ^ r.nextInt() & 0x80000000;
      case 2 ->
          (a & 0x7f800000) + (r.nextInt(53) - 26 << 23) | r.nextInt() & r.nextInt() & 0x807fffff;
      default -> a ^ 0x80000000 ^ 1 << r.nextInt(32);
    };
  }
}
