package opml.catalog;

/** Takes blocks of 32 values apart: quants and f16 scales, as opml.guest.Tensor says. */
final class Blocks {
  private static final int VALUES = 32;

  private Blocks() {}

  /** Moves block {@code b} of {@code in}, which begins at {@code at}, to the planes. */
  static void move(TensorType type, byte[] in, int at, byte[][] out, int b) {
    int scales = out.length - 1;
    for (int k = 0; k < scales; k++) {
      out[1 + k][2 * b] = in[at + 2 * k];
      out[1 + k][2 * b + 1] = in[at + 2 * k + 1];
    }
    int quants = at + 2 * scales;
    if (type == TensorType.Q5_0 || type == TensorType.Q5_1) {
      fiveBits(in, quants, type == TensorType.Q5_0 ? 16 : 0, out[0], VALUES * b);
    } else {
      int width = type.bytes - 2 * scales;
      System.arraycopy(in, quants, out[0], width * b, width);
    }
  }

  private static void fiveBits(byte[] in, int at, int offset, byte[] out, int to) {
    for (int i = 0; i < VALUES; i++) {
      int low = in[at + 4 + (i & 15)] >> (i >> 4 << 2) & 15;
      int high = in[at + (i >> 3)] >> (i & 7) & 1;
      out[to + i] = (byte) ((low | high << 4) - offset);
    }
  }

  /**
   * Floats to Q8_0 as llama.cpp does: d = max / 127 as f16, quants of x / d rounded half away from
   * zero. NaN and infinity make a scale that is not finite.
   */
  static void quantize(TensorType type, byte[] in, int at, byte[][] out, int b) {
    float top = 0;
    float[] x = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      x[i] = value(type, in, at + i * type.bytes);
      float size = Math.abs(x[i]);
      top = size > top || size != size ? size : top;
    }
    float d = top / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    for (int i = 0; i < VALUES; i++) {
      double scaled = x[i] * inverse;
      out[0][VALUES * b + i] = (byte) (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
    }
    short half = Float.floatToFloat16(d);
    out[1][2 * b] = (byte) half;
    out[1][2 * b + 1] = (byte) (half >> 8);
  }

  private static float value(TensorType type, byte[] in, int at) {
    int low = in[at] & 255 | (in[at + 1] & 255) << 8;
    return switch (type) {
      case F16 -> Float.float16ToFloat((short) low);
      case BF16 -> Float.intBitsToFloat(low << 16);
      default -> Float.intBitsToFloat(low | (in[at + 2] & 255) << 16 | (in[at + 3] & 255) << 24);
    };
  }
}
