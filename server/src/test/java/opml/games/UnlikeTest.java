package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UnlikeTest {
  private int told;

  private Unlike against(String claimed) {
    byte[] text = claimed.getBytes(StandardCharsets.UTF_8);
    byte[] output = new byte[16 + text.length];
    System.arraycopy(text, 0, output, 16, text.length);
    return new Unlike(output, () -> told++);
  }

  @Test
  void theFirstDifferentWordIsToldOnceAndAtOnce() {
    Unlike unlike = against("2 + 2 = 5, says the liar");
    for (String piece : "2 + 2 = 4, says the model".split("(?<= )")) {
      unlike.accept(piece);
      assertEquals(unlike.told() ? 1 : 0, told);
      assertEquals(piece.equals("4, ") || told == 1, unlike.told());
    }
    assertEquals(1, told);
  }

  @Test
  void theSameTextIsNoDifferenceAndALongerOneIs() {
    Unlike unlike = against("grüße");
    Arrays.asList("gr", "ü", "ße").forEach(unlike);
    assertFalse(unlike.told());
    unlike.accept("!");
    assertTrue(unlike.told());
  }

  @Test
  void whatHasNoTextFormIsLeftToTheComparisonOfBytes() {
    Unlike unlike = against("abc");
    unlike.accept("ab\ufffd");
    unlike.accept("zzz");
    assertFalse(unlike.told());
    assertEquals(0, told);
  }
}
