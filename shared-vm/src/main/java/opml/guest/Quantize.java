package opml.guest;

/** Floats to int16 with a scale (docs/protocol.md section 8, quantize). */
final class Quantize {
  /** Magnitudes below 2^-100 count as zero, so that inverse and scale stay normal. */
  private static final int TINY_BITS = 0x0d800000;

  private Quantize() {}

  /** One block of 32 with its sum; 1 when not finite (zeros are stored). */
  static int block(Memory m, long x, int limit, long out, long scale, long sum) {
    int top = magnitude(m, x, 32);
    if (top < TINY_BITS || top >= Floats.INFINITE_BITS) {
      zero(m, out, 64);
      m.storeI32(scale, 0);
      m.storeI32(sum, 0);
      return top < TINY_BITS ? 0 : 1;
    }
    float a = Floats.fromBits(top);
    float inverse = (float) limit / a;
    int total = 0;
    for (int i = 0; i < 8; i++) {
      Bounds.loop(8);
      int q0 = round(m.loadF32(x), inverse);
      int q1 = round(m.loadF32(x + 4), inverse);
      int q2 = round(m.loadF32(x + 8), inverse);
      int q3 = round(m.loadF32(x + 12), inverse);
      m.storeI16(out, q0);
      m.storeI16(out + 2, q1);
      m.storeI16(out + 4, q2);
      m.storeI16(out + 6, q3);
      total += q0 + q1 + q2 + q3;
      x += 16;
      out += 8;
    }
    m.storeF32(scale, a / (float) limit);
    m.storeI32(sum, total);
    return 0;
  }

  /** n values with one scale; 1 when not finite (zeros are stored). */
  static int head(Memory m, long x, int n, int limit, long out, long scale) {
    int top = magnitude(m, x, n);
    if (top < TINY_BITS || top >= Floats.INFINITE_BITS) {
      zero(m, out, n << 1);
      m.storeI32(scale, 0);
      return top < TINY_BITS ? 0 : 1;
    }
    float a = Floats.fromBits(top);
    float inverse = (float) limit / a;
    for (int i = 0; i < n; i++) {
      Bounds.loop(Header.MAX_HEAD_DIM);
      Bounds.total(2 * Header.MAX_INNER);
      m.storeI16(out, round(m.loadF32(x), inverse));
      x += 4;
      out += 2;
    }
    m.storeF32(scale, a / (float) limit);
    return 0;
  }

  /** The same as q = 128 * hi + lo in two planes of signed bytes. */
  static int query(Memory m, long x, int n, int limit, long out, long scale) {
    int top = magnitude(m, x, n);
    if (top < TINY_BITS || top >= Floats.INFINITE_BITS) {
      zero(m, out, n << 1);
      m.storeI32(scale, 0);
      return top < TINY_BITS ? 0 : 1;
    }
    float a = Floats.fromBits(top);
    float inverse = (float) limit / a;
    long low = out + n;
    for (int i = 0; i < n; i++) {
      Bounds.loop(Header.MAX_HEAD_DIM);
      Bounds.total(Header.MAX_INNER);
      int q = round(m.loadF32(x), inverse);
      m.storeI8(out, q >> 7);
      m.storeI8(low, q & 127);
      x += 4;
      out += 1;
      low += 1;
    }
    m.storeF32(scale, a / (float) limit);
    return 0;
  }

  /** Nearest integer, ties to even; the sum has unit ulp 1, so no clamp is needed. */
  private static int round(float x, float inverse) {
    return Floats.bits(x * inverse + Floats.MAGIC) - Floats.MAGIC_BITS;
  }

  /** Largest magnitude as float bits; n is a multiple of 4. */
  private static int magnitude(Memory m, long x, int n) {
    int top = 0;
    for (int left = n >> 2; left > 0; left--) {
      Bounds.loop(Header.MAX_HEAD_DIM / 4);
      Bounds.total(3 * Header.MAX_INNER / 4);
      int a = m.loadI32(x) & 0x7fffffff;
      top = a > top ? a : top;
      a = m.loadI32(x + 4) & 0x7fffffff;
      top = a > top ? a : top;
      a = m.loadI32(x + 8) & 0x7fffffff;
      top = a > top ? a : top;
      a = m.loadI32(x + 12) & 0x7fffffff;
      top = a > top ? a : top;
      x += 16;
    }
    return top;
  }

  private static void zero(Memory m, long out, int bytes) {
    for (int left = bytes >> 3; left > 0; left--) {
      Bounds.loop(Header.MAX_HEAD_DIM / 4);
      Bounds.total(3 * Header.MAX_INNER / 4);
      m.storeI64(out, 0L);
      out += 8;
    }
  }
}
