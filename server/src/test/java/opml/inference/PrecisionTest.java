package opml.inference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the gate asks of the exact form's most likely tokens. */
class PrecisionTest {
  @Test
  void oneOfFiveHundredPositionsMayDiffer() {
    assertTrue(Precision.agrees(9980, 10_000));
    assertFalse(Precision.agrees(9979, 10_000));
  }

  @Test
  void twoDifferencesInAShortTextSayNothing() {
    assertTrue(Precision.agrees(633, 635));
    assertFalse(Precision.agrees(632, 635));
    assertTrue(Precision.agrees(1, 1));
  }
}
