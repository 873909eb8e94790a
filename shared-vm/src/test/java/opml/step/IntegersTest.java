package opml.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntegersTest {
  private static final long MIN = Long.MIN_VALUE;

  private static BigInteger unsigned(long v) {
    return new BigInteger(Long.toUnsignedString(v));
  }

  @Test
  void upperHalvesOfProducts() {
    Random r = new Random(4);
    long[] edges = {
      0, 1, -1, MIN, MIN + 1, Long.MAX_VALUE, 0xffffffffL, 0x100000000L, -4294967296L
    };
    for (int i = 0; i < 100_000; i++) {
      long a = r.nextInt(4) == 0 ? edges[r.nextInt(edges.length)] : r.nextLong();
      long b = r.nextInt(4) == 0 ? edges[r.nextInt(edges.length)] : r.nextLong();
      BigInteger sa = BigInteger.valueOf(a);
      BigInteger sb = BigInteger.valueOf(b);
      assertEquals(sa.multiply(sb).shiftRight(64).longValue(), Integers.mulh(a, b));
      assertEquals(sa.multiply(unsigned(b)).shiftRight(64).longValue(), Integers.mulhsu(a, b));
      assertEquals(
          unsigned(a).multiply(unsigned(b)).shiftRight(64).longValue(), Integers.mulhu(a, b));
    }
  }

  @Test
  void divisionHasNoExceptions() {
    assertEquals(-1, Integers.div(5, 0));
    assertEquals(-1, Integers.divu(5, 0));
    assertEquals(5, Integers.rem(5, 0));
    assertEquals(MIN, Integers.remu(MIN, 0));
    assertEquals(MIN, Integers.div(MIN, -1));
    assertEquals(0, Integers.rem(MIN, -1));
    assertEquals(0, Integers.divu(MIN, -1));
    assertEquals(MIN, Integers.remu(MIN, -1));
    assertEquals(-3, Integers.div(7, -2));
    assertEquals(1, Integers.rem(7, -2));
    assertEquals(-1, Integers.rem(-7, 2));
    assertEquals(Long.MAX_VALUE, Integers.divu(-1, 2));
  }
}
