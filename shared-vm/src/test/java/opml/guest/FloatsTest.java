package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class FloatsTest {
  @Test
  void expIsWithinOneAndAHalfUlp() {
    double worst = 0;
    for (int i = -8_700_000; i <= 8_800_000; i += 7) {
      float x = i * 1e-5f;
      double expected = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(Floats.exp(x) - expected) / Math.ulp((float) expected));
    }
    assertTrue(worst < 1.5, "ulp " + worst);
  }

  @Test
  void expIsClampedAndKeepsNaN() {
    assertEquals(Floats.exp(88f), Floats.exp(Float.POSITIVE_INFINITY));
    assertEquals(Floats.exp(-87f), Floats.exp(Float.NEGATIVE_INFINITY));
    assertEquals(0x7fc00000, Floats.bits(Floats.exp(Float.NaN)));
    assertEquals(1f, Floats.exp(0f));
    assertEquals(1f, Floats.exp(-0f));
  }

  @Test
  void everyHalfIsWidenedExactly() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float expected = Float.float16ToFloat((short) bits);
      assertEquals(
          expected != expected ? 0x7fc00000 : Float.floatToRawIntBits(expected),
          Float.floatToRawIntBits(Floats.half(bits)));
    }
  }

  @Test
  void negateFlipsTheSignOfZero() {
    assertEquals(0x80000000, Floats.bits(Floats.negate(0f)));
    assertEquals(0, Floats.bits(Floats.negate(-0f)));
    assertEquals(2.5f, Floats.negate(-2.5f));
  }

  @Test
  void divisionIsTotal() {
    assertEquals(0, Ints.divide(5, 0));
    assertEquals(0, Ints.remainder(5, -1));
    assertEquals(-2, Ints.divide(-7, 3));
    assertEquals(-1, Ints.remainder(-7, 3));
  }
}
