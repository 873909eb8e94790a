package opml.guest;

/** One row of a quantized matrix as floats: q * d, (q - 8) * d or q * d + m. */
final class Embedding {
  private Embedding() {}

  static void row(Memory m, long tensor, int row, long out) {
    int type = m.loadI32(tensor + Tensor.TYPE);
    int blocks = m.loadI32(tensor + Tensor.COLUMNS) >> 5;
    long skipped = (long) row * blocks;
    long w = m.loadI64(tensor + Tensor.PLANES);
    long d = m.loadI64(tensor + Tensor.PLANES + 8) + (skipped << 1);
    long min = m.loadI64(tensor + Tensor.PLANES + 16) + (skipped << 1);
    boolean nibbles = type == Tensor.Q4_0 || type == Tensor.Q4_1;
    boolean offset = type == Tensor.Q4_1 || type == Tensor.Q5_1;
    int bias = type == Tensor.Q4_0 ? 8 : 0;
    w += nibbles ? skipped << 4 : skipped << 5;
    for (int b = 0; b < blocks; b++) {
      Bounds.loop(Header.MAX_DIM / 32);
      float scale = m.loadF16(d);
      float low = offset ? m.loadF16(min) : 0f;
      if (nibbles) {
        for (int i = 0; i < 16; i++) {
          Bounds.loop(16);
          int pair = m.loadU8(w);
          m.storeF32(out, (float) ((pair & 15) - bias) * scale + low);
          m.storeF32(out + 64, (float) ((pair >> 4) - bias) * scale + low);
          w += 1;
          out += 4;
        }
        out += 64;
      } else {
        for (int i = 0; i < 32; i++) {
          Bounds.loop(32);
          m.storeF32(out, (float) m.loadI8(w) * scale + low);
          w += 1;
          out += 4;
        }
      }
      d += 2;
      min += 2;
    }
  }
}
