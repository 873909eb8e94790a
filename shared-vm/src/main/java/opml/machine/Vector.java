package opml.machine;

/** The V register, one weight in each of 32 ints. */
final class Vector {
  private Vector() {}

  /** vload (eight words of signed bytes) or vload4 (four words of nibbles). */
  static void load(int[] v, int[] p, int from, boolean nibbles) {
    if (nibbles) {
      for (int i = 0; i < 16; i++) {
        int b = p[from + (i >> 2)] >>> ((i & 3) << 3);
        v[i] = b & 15;
        v[16 + i] = b >>> 4 & 15;
      }
      return;
    }
    for (int i = 0; i < 8; i++) {
      int w = p[from + i];
      v[4 * i] = (byte) w;
      v[4 * i + 1] = (byte) (w >> 8);
      v[4 * i + 2] = (byte) (w >> 16);
      v[4 * i + 3] = w >> 24;
    }
  }

  /** Sum of 16 products of weights with the signed 16-bit halves of eight words. */
  static int dot(int[] v, int half, int[] p, int from) {
    int sum = 0;
    for (int i = 0; i < 8; i++) {
      int w = p[from + i];
      sum += v[half + 2 * i] * (short) w + v[half + 2 * i + 1] * (w >> 16);
    }
    return sum;
  }
}
