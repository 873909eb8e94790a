package opml.step;

import static java.lang.Float.floatToIntBits;
import static java.lang.Float.intBitsToFloat;

/**
 * Square root and conversions of one operand against the hardware. As a command it walks all 2^32
 * operands: {@code java -cp shared-vm/target/classes:shared-vm/target/test-classes
 * opml.step.UnaryCheck [FIRST [LAST]]}.
 */
final class UnaryCheck {
  private UnaryCheck() {}

  public static void main(String[] args) {
    long from = args.length > 0 ? Long.decode(args[0]) : 0;
    long to = args.length > 1 ? Long.decode(args[1]) : 0xffffffffL;
    for (long a = from; a <= to; a++) {
      all((int) a);
    }
    System.out.println("checked " + (to - from + 1) + " operands");
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
    boolean nan = x != x;
    check("f2i", a, 0, nan ? Integer.MAX_VALUE : (int) x, SoftFloat.toInteger(a, true, true, 32));
    check("f2l", a, 0, nan ? Long.MAX_VALUE : (long) x, SoftFloat.toInteger(a, true, true, 64));
    long wide = nan || x >= 4294967296f ? -1 : x <= 0 ? 0 : (int) (long) x;
    check("f2u", a, 0, wide, SoftFloat.toInteger(a, true, false, 32));
  }
}
