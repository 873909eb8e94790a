package opml.step;

/** The M extension on 64-bit registers, total: no operand raises an exception. */
public final class Integers {
  private Integers() {}

  /** Upper half of the unsigned product. */
  public static long mulhu(long a, long b) {
    long a0 = a & 0xffffffffL;
    long a1 = a >>> 32;
    long b0 = b & 0xffffffffL;
    long b1 = b >>> 32;
    long middle = a1 * b0 + (a0 * b0 >>> 32);
    long cross = a0 * b1 + (middle & 0xffffffffL);
    return a1 * b1 + (middle >>> 32) + (cross >>> 32);
  }

  /** Upper half of the signed product. */
  public static long mulh(long a, long b) {
    return mulhu(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0);
  }

  /** Upper half of signed a times unsigned b. */
  public static long mulhsu(long a, long b) {
    return mulhu(a, b) - (a < 0 ? b : 0);
  }

  /** Signed quotient; by 0 gives -1, MIN / -1 gives MIN. */
  public static long div(long a, long b) {
    if (b == 0) {
      return -1;
    }
    return b == -1 ? -a : a / b;
  }

  /** Unsigned quotient; by 0 gives all ones. */
  public static long divu(long a, long b) {
    return b == 0 ? -1 : Long.divideUnsigned(a, b);
  }

  /** Signed remainder; by 0 gives a, by -1 gives 0. */
  public static long rem(long a, long b) {
    if (b == 0) {
      return a;
    }
    return b == -1 ? 0 : a % b;
  }

  /** Unsigned remainder; by 0 gives a. */
  public static long remu(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }
}
