package opml.guest;

/**
 * Matrix rows of the K formats: super-blocks of 256 values are eight blocks of 32, one for each
 * lane ({@link SuperTerms}), so a row has no tail.
 */
final class SuperRows {
  private SuperRows() {}

  /**
   * Stores {@code rows} floats at {@code out}.
   *
   * @param type a constant
   * @param width bytes of a block of 32 in plane 0, a constant
   * @param w quants of the first row
   * @param c its scales and minima, 16 bytes a super-block
   * @param d its factors of them, f16, and those of the minima behind each where the type has them
   */
  @Specialized
  static void product(
      Memory m,
      int type,
      int width,
      long w,
      long c,
      long d,
      int blocks,
      int rows,
      long x,
      long out) {
    final long scales = Quantized.scales(x, blocks);
    final long sums = Quantized.sums(x, blocks);
    long q = x;
    long s = scales;
    long u = sums;
    float l0 = 0f;
    float l1 = 0f;
    float l2 = 0f;
    float l3 = 0f;
    float l4 = 0f;
    float l5 = 0f;
    float l6 = 0f;
    float l7 = 0f;
    int left = blocks;
    for (int step = rows * (blocks >> 3); step > 0; step--) {
      Bounds.loop(Header.MAX_GROUPS);
      float f = m.loadF16(d);
      float g = SuperTerms.shifted(type) ? m.loadF16(d + 2) : 0f;
      l0 += SuperTerms.of(m, type, w, c, f, g, q, s, u);
      l1 += SuperTerms.of(m, type, w + width, c + 1, f, g, q + 64, s + 4, u + 4);
      l2 += SuperTerms.of(m, type, w + 2 * width, c + 2, f, g, q + 128, s + 8, u + 8);
      l3 += SuperTerms.of(m, type, w + 3 * width, c + 3, f, g, q + 192, s + 12, u + 12);
      l4 += SuperTerms.of(m, type, w + 4 * width, c + 4, f, g, q + 256, s + 16, u + 16);
      l5 += SuperTerms.of(m, type, w + 5 * width, c + 5, f, g, q + 320, s + 20, u + 20);
      l6 += SuperTerms.of(m, type, w + 6 * width, c + 6, f, g, q + 384, s + 24, u + 24);
      l7 += SuperTerms.of(m, type, w + 7 * width, c + 7, f, g, q + 448, s + 28, u + 28);
      w += 8 * width;
      c += 16;
      d += SuperTerms.shifted(type) ? 4 : 2;
      q += 512;
      s += 32;
      if (type == Tensor.Q4_K || type == Tensor.Q5_K) {
        u += 32;
      }
      left -= 8;
      if (left <= 0) {
        m.storeF32(out, ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)));
        out += 4;
        q = x;
        s = scales;
        u = sums;
        l0 = 0f;
        l1 = 0f;
        l2 = 0f;
        l3 = 0f;
        l4 = 0f;
        l5 = 0f;
        l6 = 0f;
        l7 = 0f;
        left = blocks;
      }
    }
  }
}
