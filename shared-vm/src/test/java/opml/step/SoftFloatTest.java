package opml.step;

import static java.lang.Float.floatToIntBits;
import static java.lang.Float.intBitsToFloat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The hardware of this machine is the oracle. */
class SoftFloatTest {
  private static void binary(int a, int b) {
    float x = intBitsToFloat(a);
    float y = intBitsToFloat(b);
    UnaryCheck.check("+", a, b, floatToIntBits(x + y), SoftFloat.add(a, b));
    UnaryCheck.check("-", a, b, floatToIntBits(x - y), SoftFloat.sub(a, b));
    UnaryCheck.check("*", a, b, floatToIntBits(x * y), SoftFloat.mul(a, b));
    UnaryCheck.check("/", a, b, floatToIntBits(x / y), SoftFloat.div(a, b));
    UnaryCheck.check("=", a, b, x == y ? 1 : 0, SoftFloat.eq(a, b));
    UnaryCheck.check("<", a, b, x < y ? 1 : 0, SoftFloat.lt(a, b));
    UnaryCheck.check("<=", a, b, x <= y ? 1 : 0, SoftFloat.le(a, b));
    boolean numbers = x == x && y == y;
    int other = x == x ? a : y == y ? b : SoftFloat.NAN;
    UnaryCheck.check(
        "min", a, b, numbers ? floatToIntBits(Math.min(x, y)) : other, SoftFloat.min(a, b));
    UnaryCheck.check(
        "max", a, b, numbers ? floatToIntBits(Math.max(x, y)) : other, SoftFloat.max(a, b));
  }

  @Test
  void binaryOperationsOnAllPairsOfEdges() {
    for (int i = 0; i < Operands.edges(); i++) {
      for (int j = 0; j < Operands.edges(); j++) {
        binary(Operands.edge(i), Operands.edge(j));
      }
    }
  }

  @Test
  void binaryOperationsOnAMillionPairs() {
    Random r = new Random(1);
    for (int i = 0; i < 1_000_000; i++) {
      int a = Operands.single(r);
      binary(a, Operands.near(r, a));
    }
  }

  @Test
  void unaryOperationsOnEdgesAndAMillionSamples() {
    for (int i = 0; i < Operands.edges(); i++) {
      for (int d = -3; d <= 3; d++) {
        UnaryCheck.all(Operands.edge(i) + d);
      }
    }
    for (long a = 0; a < 1L << 32; a += 4099) {
      UnaryCheck.all((int) a);
    }
  }

  @Test
  void everyHalfIsTheSameSingle() {
    for (int h = 0; h < 1 << 16; h++) {
      UnaryCheck.check(
          "half", h, 0, floatToIntBits(Float.float16ToFloat((short) h)), SoftFloat.fromHalf(h));
    }
  }

  @Test
  void integersBecomeTheNearestFloat() {
    Random r = new Random(2);
    for (int i = 0; i < 300_000; i++) {
      long v = r.nextLong() >> r.nextInt(64);
      if (r.nextInt(3) == 0) { // halves of the last place and their neighbours
        v = (1L << 24 | r.nextInt(1 << 24)) << r.nextInt(39) + 1 | 1L << r.nextInt(40);
        v += r.nextInt(3) - 1;
      }
      UnaryCheck.check(
          "long", (int) v, 0, floatToIntBits((float) v), SoftFloat.fromInteger(v, true));
      UnaryCheck.check(
          "int", (int) v, 0, floatToIntBits((float) (int) v), SoftFloat.fromInteger((int) v, true));
      float unsigned = new BigInteger(Long.toUnsignedString(v)).floatValue();
      UnaryCheck.check(
          "ulong", (int) v, 0, floatToIntBits(unsigned), SoftFloat.fromInteger(v, false));
    }
    UnaryCheck.check("ulong", -1, 0, 0x5f800000, SoftFloat.fromInteger(-1, false));
    UnaryCheck.check("long", 0, 0, 0xdf000000, SoftFloat.fromInteger(Long.MIN_VALUE, true));
  }

  @Test
  void floatsBecomeTheNearestInteger() {
    Random r = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      int a =
          r.nextInt(4) == 0
              ? Operands.single(r)
              : (100 + r.nextInt(100)) << 23 | r.nextInt() & 0x807fffff;
      float x = intBitsToFloat(a);
      if (x != x || x - x != 0) {
        continue;
      }
      BigInteger exact =
          new BigDecimal((double) x).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
      saturated(a, exact, true, 32);
      saturated(a, exact, false, 32);
      saturated(a, exact, true, 64);
      saturated(a, exact, false, 64);
    }
  }

  private static void saturated(int a, BigInteger v, boolean signed, int width) {
    BigInteger power = BigInteger.ONE.shiftLeft(signed ? width - 1 : width);
    BigInteger least = signed ? power.negate() : BigInteger.ZERO;
    long expected = v.max(least).min(power.subtract(BigInteger.ONE)).longValue();
    UnaryCheck.check(
        "to",
        a,
        width,
        width == 32 ? (int) expected : expected,
        SoftFloat.toInteger(a, false, signed, width));
  }

  @Test
  void notANumberAndInfinityBecomeTheLimits() {
    int[] nans = {0x7fc00000, 0xffc00000, 0x7f800001, 0x7f800000};
    for (int a : nans) {
      UnaryCheck.check("w", a, 0, Integer.MAX_VALUE, SoftFloat.toInteger(a, false, true, 32));
      UnaryCheck.check("wu", a, 0, -1, SoftFloat.toInteger(a, true, false, 32));
      UnaryCheck.check("l", a, 0, Long.MAX_VALUE, SoftFloat.toInteger(a, true, true, 64));
      UnaryCheck.check("lu", a, 0, -1, SoftFloat.toInteger(a, false, false, 64));
    }
    UnaryCheck.check(
        "w", 0xff800000, 0, Integer.MIN_VALUE, SoftFloat.toInteger(0xff800000, false, true, 32));
    UnaryCheck.check("wu", 0xff800000, 0, 0, SoftFloat.toInteger(0xff800000, false, false, 32));
    UnaryCheck.check(
        "l", 0xff800000, 0, Long.MIN_VALUE, SoftFloat.toInteger(0xff800000, false, true, 64));
  }

  @Test
  void classesAreThoseOfTheManual() {
    int[] ascending = {
      0xff800000, 0xc0000000, 0x80000001, 0x80000000, 0, 1, 0x40000000, 0x7f800000
    };
    for (int i = 0; i < 8; i++) {
      assertEquals(1 << i, SoftFloat.classify(ascending[i]));
    }
    assertEquals(1 << 8, SoftFloat.classify(0xff800001));
    assertEquals(1 << 9, SoftFloat.classify(0x7fc00000));
  }
}
