package opml.guest;

/** Float operations that Java, WebAssembly and RISC-V would otherwise do differently (D7). */
public final class Floats {
  /** Adding it rounds a float of magnitude below 2^22 to an integer, ties to even. */
  public static final float MAGIC = 12582912f;

  /** Bits of {@link #MAGIC}: what remains after subtracting them is the rounded integer. */
  public static final int MAGIC_BITS = 0x4b400000;

  /** Bits from which on a magnitude is infinite or NaN. */
  public static final int INFINITE_BITS = 0x7f800000;

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  // 1 + r + r^2 (E2 + E3 r + ...): interpolates e^r on |r| <= 0.3466, relative error 1.1e-8
  private static final float E2 = 0.5f;
  private static final float E3 = 0.166665763f;
  private static final float E4 = 0.0416665561f;
  private static final float E5 = 0.008363178f;
  private static final float E6 = 0.00139261817f;

  private Floats() {}

  /**
   * Correctly rounded square root: fsqrt.s. The double root rounded once more is exact for floats.
   */
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /**
   * The 32 bits of x, NaN as 7fc00000. Not for a value just loaded from memory: load it as an int.
   */
  public static int bits(float x) {
    return x != x ? 0x7fc00000 : Float.floatToRawIntBits(x);
  }

  /** The float with these bits. */
  public static float fromBits(int bits) {
    return Float.intBitsToFloat(bits);
  }

  /** Flips the sign bit: -x on zeros too, which TeaVM gets wrong. */
  public static float negate(float x) {
    return Float.intBitsToFloat(bits(x) ^ 0x80000000);
  }

  /**
   * The value of a half (fcvt.s.h), exact; NaN is canonical. Not called by the guest: see
   * Memory.loadF16.
   */
  public static float half(int bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = bits & 0x7fff;
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(magnitude > 0x7c00 ? 0x7fc00000 : sign | 0x7f800000);
    }
    if (magnitude < 0x0400) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits((float) magnitude * 0x1p-24f));
    }
    return Float.intBitsToFloat(sign | ((magnitude << 13) + 0x38000000));
  }

  /**
   * e^x, the same bits everywhere (docs/protocol.md section 8); x is clamped to [-87, 88].
   *
   * @param x any float; NaN gives NaN
   * @return within 2 ulp of e^x inside the clamp
   */
  public static float exp(float x) {
    float c = x > 88f ? 88f : x;
    c = c < -87f ? -87f : c;
    float shifted = c * LOG2_E + MAGIC;
    float n = shifted - MAGIC;
    float r = c - n * LN2_HIGH - n * LN2_LOW;
    float p = E6 * r + E5;
    p = p * r + E4;
    p = p * r + E3;
    p = p * r + E2;
    p = p * r + 1f;
    p = p * r + 1f;
    return Float.intBitsToFloat(bits(p) + ((bits(shifted) - MAGIC_BITS) << 23));
  }
}
