package opml.guest;

/**
 * Matrix rows of Q4_1: t = I * (d * dx) + m * (dx * S). One loop over groups of eight blocks: block
 * b adds to lane b mod 8, ascending (section 8).
 */
final class MatrixQ41 {
  private MatrixQ41() {}

  static void rows(Memory m, long w, long d, long n, int blocks, int rows, long x, long out) {
    final long scales = Quantized.scales(x, blocks);
    long q = x;
    long s = scales;
    final long sums = Quantized.sums(x, blocks);
    long u = sums;
    float dx;
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
      m.vload4(w);
      dx = m.loadF32(s);
      l0 +=
          (float) (m.dotl(q) + m.doth(q + 32)) * (m.loadF16(d) * dx)
              + m.loadF16(n) * (dx * (float) m.loadI32(u));
      if (left > 1) {
        m.vload4(w + 16);
        dx = m.loadF32(s + 4);
        l1 +=
            (float) (m.dotl(q + 64) + m.doth(q + 96)) * (m.loadF16(d + 2) * dx)
                + m.loadF16(n + 2) * (dx * (float) m.loadI32(u + 4));
      }
      if (left > 2) {
        m.vload4(w + 32);
        dx = m.loadF32(s + 8);
        l2 +=
            (float) (m.dotl(q + 128) + m.doth(q + 160)) * (m.loadF16(d + 4) * dx)
                + m.loadF16(n + 4) * (dx * (float) m.loadI32(u + 8));
      }
      if (left > 3) {
        m.vload4(w + 48);
        dx = m.loadF32(s + 12);
        l3 +=
            (float) (m.dotl(q + 192) + m.doth(q + 224)) * (m.loadF16(d + 6) * dx)
                + m.loadF16(n + 6) * (dx * (float) m.loadI32(u + 12));
      }
      if (left > 4) {
        m.vload4(w + 64);
        dx = m.loadF32(s + 16);
        l4 +=
            (float) (m.dotl(q + 256) + m.doth(q + 288)) * (m.loadF16(d + 8) * dx)
                + m.loadF16(n + 8) * (dx * (float) m.loadI32(u + 16));
      }
      if (left > 5) {
        m.vload4(w + 80);
        dx = m.loadF32(s + 20);
        l5 +=
            (float) (m.dotl(q + 320) + m.doth(q + 352)) * (m.loadF16(d + 10) * dx)
                + m.loadF16(n + 10) * (dx * (float) m.loadI32(u + 20));
      }
      if (left > 6) {
        m.vload4(w + 96);
        dx = m.loadF32(s + 24);
        l6 +=
            (float) (m.dotl(q + 384) + m.doth(q + 416)) * (m.loadF16(d + 12) * dx)
                + m.loadF16(n + 12) * (dx * (float) m.loadI32(u + 24));
      }
      if (left > 7) {
        m.vload4(w + 112);
        dx = m.loadF32(s + 28);
        l7 +=
            (float) (m.dotl(q + 448) + m.doth(q + 480)) * (m.loadF16(d + 14) * dx)
                + m.loadF16(n + 14) * (dx * (float) m.loadI32(u + 28));
      }
      w += 128;
      d += 16;
      n += 16;
      q += 512;
      s += 32;
      u += 32;
      left -= 8;
      if (left <= 0) {
        m.storeF32(out, ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)));
        out += 4;
        w += (long) left << 4;
        d += (long) left << 1;
        n += (long) left << 1;
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
