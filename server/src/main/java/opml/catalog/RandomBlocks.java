package opml.catalog;

/**
 * Random blocks of each type: any quants, scales of a size that keeps activations of a network with
 * such weights near 1.
 */
final class RandomBlocks {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final TensorType type;
  private final float scale;
  private long state;

  /** Blocks of a matrix with so many columns; equal arguments give equal bytes. */
  RandomBlocks(TensorType type, long columns, long seed) {
    this.type = type;
    this.scale = (float) (1 / (spread(type) * Math.sqrt((double) columns)));
    this.state = seed;
  }

  /** Standard deviation of a weight whose scale is 1. */
  private static double spread(TensorType type) {
    return switch (type) {
      case F32, F16, BF16 -> 1;
      case Q4_0, Q4_1 -> 4.6;
      case Q5_0, Q5_1 -> 9.2;
      case Q8_0 -> 73;
      case Q2_K -> 15;
      case Q3_K -> 43;
      case Q4_K -> 250;
      case Q5_K -> 500;
      case Q6_K -> 1400;
    };
  }

  /** The output function of splitmix64. */
  private long next() {
    state += GOLDEN;
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Fills a buffer with whole blocks. */
  void fill(byte[] out, int length) {
    for (int i = 0; i < length; i += 8) {
      long z = next();
      for (int k = 0; k < 8 && i + k < length; k++) {
        out[i + k] = (byte) (z >>> 8 * k);
      }
    }
    for (int at = 0; at < length; at += type.bytes) {
      scales(out, at);
    }
  }

  private void scales(byte[] out, int at) {
    switch (type) {
      case F32 -> bits(out, at, Float.floatToIntBits(value(out, at, 4)), 4);
      case F16 -> half(out, at, value(out, at, 2));
      case BF16 -> bits(out, at, Float.floatToIntBits(value(out, at, 2)) >>> 16, 2);
      case Q4_0, Q5_0, Q8_0 -> half(out, at, size(out, at));
      case Q4_1 -> pair(out, at, -8);
      case Q5_1 -> pair(out, at, -16);
      case Q4_K -> pair(out, at, 8);
      case Q5_K -> pair(out, at, 16);
      case Q2_K -> pair(out, at + 80, 1.5f);
      case Q3_K -> half(out, at + 108, size(out, at + 108));
      case Q6_K -> half(out, at + 208, size(out, at + 208));
    }
  }

  private void pair(byte[] out, int at, float middle) {
    half(out, at, size(out, at));
    half(out, at + 2, middle * size(out, at + 2));
  }

  /** Three quarters to five quarters of the scale, by the random byte that lies there. */
  private float size(byte[] out, int at) {
    return scale * (0.75f + (out[at] & 255) / 512f);
  }

  private float value(byte[] out, int at, int bytes) {
    return scale * 1.7f * (out[at + bytes - 1] + out[at] / 256f) / 128;
  }

  private static void half(byte[] out, int at, float value) {
    bits(out, at, Float.floatToFloat16(value), 2);
  }

  private static void bits(byte[] out, int at, int bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out[at + i] = (byte) (bits >>> 8 * i);
    }
  }
}
