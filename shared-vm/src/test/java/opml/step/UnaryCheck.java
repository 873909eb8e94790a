package opml.step;

import static java.lang.Float.floatToIntBits;
import static java.lang.Float.intBitsToFloat;

/**
 * Square root, classes and conversions of one operand against the hardware. As a command it walks
 * all 2^32 operands: {@code java -cp shared-vm/target/classes:shared-vm/target/test-classes
 * opml.step.UnaryCheck [FIRST [LAST]]}.
 */
final class UnaryCheck {
  private static final double UNSIGNED = 0x1p63;

  private UnaryCheck() {}

  public static void main(String[] args) {
    long from = args.length > 0 ? Long.decode(args[0]) : 0;
    long to = args.length > 1 ? Long.decode(args[1]) : 0xffffffffL;
    long start = System.nanoTime();
    for (long a = from; a <= to; a++) {
      all((int) a);
    }
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    System.out.println("checked " + (to - from + 1) + " operands in " + seconds + " s");
  }

  static void check(String op, int a, int b, long expected, long found) {
    if (expected != found) {
      throw new AssertionError(
          String.format("%s %08x %08x: expected %x, found %x", op, a, b, expected, found));
    }
  }

  static void all(int a) {
    float x = intBitsToFloat(a);
    check("sqrt", a, 0, floatToIntBits((float) Math.sqrt(x)), SoftFloat.sqrt(a));
    int half = x != x ? 0x7e00 : Float.floatToFloat16(x) & 0xffff;
    check("half", a, 0, half, SoftFloat.toHalf(a));
    check("i2f", a, 0, floatToIntBits((float) a), SoftFloat.fromInteger(a, true));
    long unsigned = a & 0xffffffffL;
    check("u2f", a, 0, floatToIntBits((float) unsigned), SoftFloat.fromInteger(unsigned, false));
    check("class", a, 0, category(a, x), SoftFloat.classify(a));
    integers(a, x, true);
    integers(a, Math.rint(x), false);
  }

  /** Conversions of a to integers against those of x, which is a or, exactly, a rounded. */
  private static void integers(int a, double x, boolean truncated) {
    boolean nan = x != x;
    int word = nan ? Integer.MAX_VALUE : (int) x;
    check("f2i", a, 0, word, SoftFloat.toInteger(a, truncated, true, 32));
    long wide = nan ? Long.MAX_VALUE : (long) x;
    check("f2l", a, 0, wide, SoftFloat.toInteger(a, truncated, true, 64));
    long natural = nan || x >= 0x1p32 ? -1 : x <= 0 ? 0 : (int) (long) x;
    check("f2u", a, 0, natural, SoftFloat.toInteger(a, truncated, false, 32));
    long large = nan || x >= 0x1p64 ? -1 : x <= 0 ? 0 : (long) x;
    if (x >= UNSIGNED && x < 0x1p64) {
      large = (long) (x - UNSIGNED) + Long.MIN_VALUE;
    }
    check("f2ul", a, 0, large, SoftFloat.toInteger(a, truncated, false, 64));
  }

  private static int category(int a, float x) {
    if (x != x) {
      return (a & 0x400000) == 0 ? 1 << 8 : 1 << 9;
    }
    int size = x == 0 ? 1 : Math.abs(x) < Float.MIN_NORMAL ? 2 : x - x == 0 ? 3 : 4;
    return 1 << (a < 0 ? 4 - size : 3 + size);
  }
}
