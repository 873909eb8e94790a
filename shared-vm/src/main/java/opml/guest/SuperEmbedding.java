package opml.guest;

/** One row of a K format as floats: (float) (scale * q) * d - (float) minimum * dmin. */
final class SuperEmbedding {
  private SuperEmbedding() {}

  static void row(Memory m, long tensor, int row, long out) {
    int type = m.loadI32(tensor + Tensor.TYPE);
    int blocks = m.loadI32(tensor + Tensor.COLUMNS) >> 5;
    boolean nibbles = type != Tensor.Q5_K && type != Tensor.Q6_K;
    boolean shifted = SuperTerms.shifted(type);
    int bias = type == Tensor.Q3_K ? 4 : 0;
    long skipped = (long) row * blocks;
    long w = m.loadI64(tensor + Tensor.PLANES) + (skipped << (nibbles ? 4 : 5));
    long c = m.loadI64(tensor + Tensor.PLANES + 8) + (skipped << 1);
    long d = m.loadI64(tensor + Tensor.PLANES + 16) + (skipped >> 3 << (shifted ? 2 : 1));
    for (int b = 0; b < blocks; b++) {
      Bounds.loop(Header.MAX_DIM / 32);
      float f = m.loadF16(d);
      float g = shifted ? m.loadF16(d + 2) : 0f;
      for (int i = 0; i < 32; i++) {
        Bounds.loop(32);
        int q = nibbles ? m.loadU8(w + (i & 15)) >> ((i & 16) >> 2) & 15 : m.loadI8(w + i);
        long own = c + ((i & 16) >> 1);
        float low = 0f;
        int scale = m.loadI8(own);
        if (type == Tensor.Q4_K || type == Tensor.Q5_K) {
          scale = m.loadU8(c);
          low = (float) m.loadU8(c + 8);
        } else if (type == Tensor.Q2_K) {
          low = (float) (m.loadU8(own) >> 4);
          scale &= 15;
        }
        m.storeF32(out, (float) (scale * (q - bias)) * f - low * g);
        out += 4;
      }
      w += nibbles ? 16 : 32;
      c += 1;
      if ((b & 7) == 7) {
        c += 8;
        d += shifted ? 4 : 2;
      }
    }
  }
}
