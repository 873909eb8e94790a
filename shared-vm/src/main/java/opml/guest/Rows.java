package opml.guest;

/**
 * Matrix rows of the formats with one scale for 32 values ({@link Terms}). One loop over groups of
 * eight blocks: block b adds to lane b mod 8, ascending (docs/protocol.md section 8).
 */
final class Rows {
  private Rows() {}

  /**
   * Stores {@code rows} floats at {@code out}.
   *
   * @param type a constant
   * @param width bytes of a block in plane 0, a constant
   * @param w quants of the first row
   * @param d its scales
   * @param n its minima, for types that have them
   */
  @Specialized
  static void product(
      Memory m,
      int type,
      int width,
      long w,
      long d,
      long n,
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
    for (int step = rows * ((blocks + 7) >> 3); step > 0; step--) {
      Bounds.loop(Header.MAX_GROUPS);
      l0 += Terms.of(m, type, w, d, n, q, s, u);
      if (left > 1) {
        l1 += Terms.of(m, type, w + width, d + 2, n + 2, q + 64, s + 4, u + 4);
      }
      if (left > 2) {
        l2 += Terms.of(m, type, w + 2 * width, d + 4, n + 4, q + 128, s + 8, u + 8);
      }
      if (left > 3) {
        l3 += Terms.of(m, type, w + 3 * width, d + 6, n + 6, q + 192, s + 12, u + 12);
      }
      if (left > 4) {
        l4 += Terms.of(m, type, w + 4 * width, d + 8, n + 8, q + 256, s + 16, u + 16);
      }
      if (left > 5) {
        l5 += Terms.of(m, type, w + 5 * width, d + 10, n + 10, q + 320, s + 20, u + 20);
      }
      if (left > 6) {
        l6 += Terms.of(m, type, w + 6 * width, d + 12, n + 12, q + 384, s + 24, u + 24);
      }
      if (left > 7) {
        l7 += Terms.of(m, type, w + 7 * width, d + 14, n + 14, q + 448, s + 28, u + 28);
      }
      w += 8 * width;
      d += 16;
      q += 512;
      s += 32;
      if (type != Tensor.Q8_0) {
        u += 32;
      }
      if (type == Tensor.Q4_1 || type == Tensor.Q5_1) {
        n += 16;
      }
      left -= 8;
      if (left <= 0) {
        m.storeF32(out, ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)));
        out += 4;
        w += (long) left * width;
        d += (long) left << 1;
        if (type == Tensor.Q4_1 || type == Tensor.Q5_1) {
          n += (long) left << 1;
        }
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
