package opml.step;

/**
 * IEEE 754 single precision on bit patterns, integers only, round to nearest even, NaN canonical
 * (7fc00000). A finite value is sig * 2^exp with sig &lt; 2^24. Mirrored by SoftFloat.sol.
 */
public final class SoftFloat {
  /** The only NaN that an operation gives. */
  public static final int NAN = 0x7fc00000;

  private static final int INFINITY = 0x7f800000;
  private static final int SIGN = 0x80000000;

  private SoftFloat() {}

  /** a + b. */
  public static int add(int a, int b) {
    if (nan(a) || nan(b)) {
      return NAN;
    }
    if (infinite(a)) {
      return infinite(b) && a != b ? NAN : a;
    }
    if (infinite(b)) {
      return b;
    }
    return exponent(a) >= exponent(b) ? addFinite(a, b) : addFinite(b, a);
  }

  /**
   * a has the larger exponent; 32 guard bits below it, the rest of b is or-ed into the last one.
   */
  private static int addFinite(int a, int b) {
    int distance = exponent(a) - exponent(b);
    long x = significand(a) << 32;
    long y = jam(significand(b) << 32, distance);
    long sum = (a < 0 ? -x : x) + (b < 0 ? -y : y);
    if (sum == 0) {
      return a & b & SIGN;
    }
    int sign = sum < 0 ? SIGN : 0;
    return sign | single(exponent(a) - 32, sum < 0 ? -sum : sum);
  }

  private static long jam(long sig, int distance) {
    if (distance > 62) {
      return sig == 0 ? 0 : 1;
    }
    long kept = sig >>> distance;
    return kept << distance == sig ? kept : kept | 1;
  }

  /** a - b. */
  public static int sub(int a, int b) {
    return add(a, b ^ SIGN);
  }

  /** a * b. */
  public static int mul(int a, int b) {
    int sign = (a ^ b) & SIGN;
    if (nan(a) || nan(b)) {
      return NAN;
    }
    if (infinite(a) || infinite(b)) {
      return zero(a) || zero(b) ? NAN : sign | INFINITY;
    }
    return sign | single(exponent(a) + exponent(b), significand(a) * significand(b));
  }

  /** a / b. */
  public static int div(int a, int b) {
    int sign = (a ^ b) & SIGN;
    if (nan(a) || nan(b)) {
      return NAN;
    }
    if (infinite(a)) {
      return infinite(b) ? NAN : sign | INFINITY;
    }
    if (infinite(b)) {
      return sign;
    }
    if (zero(b)) {
      return zero(a) ? NAN : sign | INFINITY;
    }
    if (zero(a)) {
      return sign;
    }
    int shiftA = normalShift(a);
    int shiftB = normalShift(b);
    long dividend = significand(a) << shiftA + 38;
    long divisor = significand(b) << shiftB;
    long quotient = dividend / divisor;
    long tail = quotient * divisor == dividend ? 0 : 1;
    return sign | single(exponent(a) - shiftA - exponent(b) + shiftB - 38, quotient | tail);
  }

  /** Square root. */
  public static int sqrt(int a) {
    if (zero(a)) {
      return a;
    }
    if (nan(a) || a < 0) {
      return NAN;
    }
    if (infinite(a)) {
      return a;
    }
    int shift = normalShift(a) + 30;
    shift += exponent(a) - shift & 1;
    long radicand = significand(a) << shift;
    long root = integerRoot(radicand);
    long tail = root * root == radicand ? 0 : 1;
    return single((exponent(a) - shift >> 1) - 1, root << 1 | tail);
  }

  /** floor(sqrt(r)) for r &lt; 2^56. */
  private static long integerRoot(long r) {
    long rest = r;
    long root = 0;
    for (long bit = 1L << 54; bit != 0; bit >>= 2) {
      long trial = root + bit;
      root >>= 1;
      if (rest >= trial) {
        rest -= trial;
        root += bit;
      }
    }
    return root;
  }

  /** The smaller; a NaN gives the other operand; -0 is below +0. */
  public static int min(int a, int b) {
    if (nan(a)) {
      return nan(b) ? NAN : b;
    }
    return nan(b) || key(a) < key(b) ? a : b;
  }

  /** The larger; a NaN gives the other operand; -0 is below +0. */
  public static int max(int a, int b) {
    if (nan(a)) {
      return nan(b) ? NAN : b;
    }
    return nan(b) || key(a) > key(b) ? a : b;
  }

  /** 1 if a equals b, else 0. */
  public static int eq(int a, int b) {
    return !nan(a) && !nan(b) && (a == b || zero(a) && zero(b)) ? 1 : 0;
  }

  /** 1 if a is below b, else 0. */
  public static int lt(int a, int b) {
    return !nan(a) && !nan(b) && !(zero(a) && zero(b)) && key(a) < key(b) ? 1 : 0;
  }

  /** 1 if a is below b or equal, else 0. */
  public static int le(int a, int b) {
    return !nan(a) && !nan(b) && (zero(a) && zero(b) || key(a) <= key(b)) ? 1 : 0;
  }

  /** The ten class bits of FCLASS. */
  public static int classify(int a) {
    int magnitude = a & ~SIGN;
    if (nan(a)) {
      return (a & 0x400000) == 0 ? 1 << 8 : 1 << 9;
    }
    int rank = 1; // normal; then subnormal, zero, counted towards zero from infinity
    if (magnitude == INFINITY) {
      rank = 0;
    } else if (magnitude == 0) {
      rank = 3;
    } else if (magnitude < 0x800000) {
      rank = 2;
    }
    return a < 0 ? 1 << rank : 1 << 7 - rank;
  }

  /** The nearest float of a 64-bit integer. */
  public static int fromInteger(long v, boolean signed) {
    boolean negative = signed && v < 0;
    return (negative ? SIGN : 0) | single(0, negative ? -v : v);
  }

  /**
   * A float as an integer of {@code width} (32 or 64) bits, to nearest even or toward zero; out of
   * range saturates, NaN gives the maximum; 32-bit results are sign-extended.
   */
  public static long toInteger(int a, boolean towardZero, boolean signed, int width) {
    boolean negative = a < 0 && !nan(a);
    long limit = limit(negative, signed, width);
    long magnitude = magnitude(a, towardZero);
    if (exponent(a) > 40 || Long.compareUnsigned(magnitude, limit) > 0) {
      magnitude = limit;
    }
    long v = negative ? -magnitude : magnitude;
    return width == 32 ? (int) v : v;
  }

  /** The largest magnitude of an integer type on one side of zero, unsigned. */
  private static long limit(boolean negative, boolean signed, int width) {
    if (signed) {
      long least = 1L << width - 1;
      return negative ? least : least - 1;
    }
    if (negative) {
      return 0;
    }
    return width == 32 ? 0xffffffffL : -1;
  }

  private static long magnitude(int a, boolean towardZero) {
    int exp = exponent(a);
    if (exp >= 0) {
      return exp > 40 ? 0 : significand(a) << exp;
    }
    if (towardZero) {
      return exp < -63 ? 0 : significand(a) >>> -exp;
    }
    return shiftRounded(significand(a), -exp);
  }

  /** The low 16 bits as a half-precision value, as a single: exact. */
  public static int fromHalf(int half) {
    int sign = (half & 0x8000) << 16;
    int field = half >>> 10 & 31;
    int fraction = half & 1023;
    if (field == 31) {
      return fraction == 0 ? sign | INFINITY : NAN;
    }
    return field == 0 ? sign | single(-24, fraction) : sign | single(field - 25, fraction | 1024);
  }

  /** The nearest half-precision value, in the low 16 bits; the upper ones are zero. */
  public static int toHalf(int a) {
    int sign = a >>> 16 & 0x8000;
    if (nan(a)) {
      return 0x7e00;
    }
    return infinite(a) ? sign | 0x7c00 : sign | roundPack(exponent(a), significand(a), 10, 15);
  }

  private static int single(int exp, long sig) {
    return roundPack(exp, sig, 23, 127);
  }

  /**
   * The magnitude sig * 2^exp (sig unsigned; a tail that is not zero stands in bit 0, below the
   * rounding position) as bits of a format with this many fraction bits and this bias.
   */
  private static int roundPack(int exp, long sig, int fractionBits, int bias) {
    if (sig == 0) {
      return 0;
    }
    int scale = exp + 63 - Long.numberOfLeadingZeros(sig);
    if (scale > bias) {
      return 2 * bias + 1 << fractionBits;
    }
    if (scale < 1 - bias) {
      scale = 1 - bias;
    }
    long kept = shiftRounded(sig, scale - fractionBits - exp);
    return (scale + bias - 1 << fractionBits) + (int) kept; // the hidden bit and a carry add up
  }

  /** sig / 2^distance to nearest even; a negative distance shifts left. */
  private static long shiftRounded(long sig, int distance) {
    if (distance <= 0) {
      return sig << -distance;
    }
    if (distance > 63) {
      return 0;
    }
    long kept = sig >>> distance;
    long rest = sig - (kept << distance);
    long half = 1L << distance - 1;
    return rest > half || rest == half && (kept & 1) == 1 ? kept + 1 : kept;
  }

  private static boolean nan(int a) {
    return (a & ~SIGN) > INFINITY;
  }

  private static boolean infinite(int a) {
    return (a & ~SIGN) == INFINITY;
  }

  private static boolean zero(int a) {
    return (a & ~SIGN) == 0;
  }

  /** Integers in the order of the floats, -0 just below +0. */
  private static int key(int a) {
    return a < 0 ? ~(a & ~SIGN) : a;
  }

  private static int exponent(int a) {
    int field = a >>> 23 & 255;
    return field == 0 ? -149 : field - 150;
  }

  private static long significand(int a) {
    int fraction = a & 0x7fffff;
    return (a >>> 23 & 255) == 0 ? fraction : fraction | 0x800000;
  }

  /** How far the significand of a value that is not zero must go left to fill bit 23. */
  private static int normalShift(int a) {
    return Long.numberOfLeadingZeros(significand(a)) - 40;
  }
}
