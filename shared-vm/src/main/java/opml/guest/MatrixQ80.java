package opml.guest;

/**
 * Matrix rows of Q8_0: t = I * (d * dx). One loop over groups of eight blocks: block b adds to lane
 * b mod 8, ascending (section 8).
 */
final class MatrixQ80 {
  private MatrixQ80() {}

  static void rows(Memory m, long w, long d, int blocks, int rows, long x, long out) {
    final long scales = Quantized.scales(x, blocks);
    long q = x;
    long s = scales;
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
      m.vload(w);
      l0 += (float) (m.dotl(q) + m.doth(q + 32)) * (m.loadF16(d) * m.loadF32(s));
      if (left > 1) {
        m.vload(w + 32);
        l1 += (float) (m.dotl(q + 64) + m.doth(q + 96)) * (m.loadF16(d + 2) * m.loadF32(s + 4));
      }
      if (left > 2) {
        m.vload(w + 64);
        l2 += (float) (m.dotl(q + 128) + m.doth(q + 160)) * (m.loadF16(d + 4) * m.loadF32(s + 8));
      }
      if (left > 3) {
        m.vload(w + 96);
        l3 += (float) (m.dotl(q + 192) + m.doth(q + 224)) * (m.loadF16(d + 6) * m.loadF32(s + 12));
      }
      if (left > 4) {
        m.vload(w + 128);
        l4 += (float) (m.dotl(q + 256) + m.doth(q + 288)) * (m.loadF16(d + 8) * m.loadF32(s + 16));
      }
      if (left > 5) {
        m.vload(w + 160);
        l5 += (float) (m.dotl(q + 320) + m.doth(q + 352)) * (m.loadF16(d + 10) * m.loadF32(s + 20));
      }
      if (left > 6) {
        m.vload(w + 192);
        l6 += (float) (m.dotl(q + 384) + m.doth(q + 416)) * (m.loadF16(d + 12) * m.loadF32(s + 24));
      }
      if (left > 7) {
        m.vload(w + 224);
        l7 += (float) (m.dotl(q + 448) + m.doth(q + 480)) * (m.loadF16(d + 14) * m.loadF32(s + 28));
      }
      w += 256;
      d += 16;
      q += 512;
      s += 32;
      left -= 8;
      if (left <= 0) {
        m.storeF32(out, ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)));
        out += 4;
        w += (long) left << 5;
        d += (long) left << 1;
        q = x;
        s = scales;
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
