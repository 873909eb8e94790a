package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SetbacksTest {
  private static final byte[] ONE = {1};
  private static final byte[] TWO = {2};

  private final AtomicLong now = new AtomicLong(1000);
  private final Setbacks setbacks = new Setbacks(now::get);

  @Test
  void aClaimThatFailedIsTriedAgainLessAndLessOften() {
    assertFalse(setbacks.waits(ONE));
    for (long wait : new long[] {1, 2, 4, 8, 16, 32, 64, 64}) {
      assertEquals(wait, setbacks.failed(ONE, 1000, 1));
      assertTrue(setbacks.waits(ONE));
      assertFalse(setbacks.waits(TWO), "others are not kept waiting");
      now.addAndGet(wait - 1);
      assertTrue(setbacks.waits(ONE));
      now.incrementAndGet();
      assertFalse(setbacks.waits(ONE));
    }
    setbacks.over(ONE);
    assertEquals(1, setbacks.failed(ONE, 1000, 1), "what succeeded once begins anew");
  }

  @Test
  void someTriesFitIntoWhatIsLeftOfTheWindow() {
    for (int i = 0; i < 6; i++) {
      setbacks.failed(ONE, 1000, 1);
    }
    assertEquals(10, setbacks.failed(ONE, 40, 1));
    assertEquals(1, setbacks.failed(ONE, 3, 1));
    assertEquals(64, setbacks.failed(ONE, -5, 1), "nothing hangs on it any more");
  }

  @Test
  void whatTakesLongIsTriedAsMuchLessOften() {
    for (long wait : new long[] {180, 360, 720, 1440}) {
      assertEquals(wait, setbacks.failed(ONE, 100_000, 180));
    }
  }

  /** A check of three minutes in a window of an hour, which passes meanwhile. */
  @Test
  void aLastTryEndsInsideTheWindow() {
    long left = 3600 - 180;
    long spent = 180;
    int tries = 1;
    while (left >= 180) {
      long wait = setbacks.failed(ONE, left, 180);
      assertTrue(wait >= 180 || wait == left - 180, "no more than every other second is spent");
      left -= wait + 180;
      spent += 180;
      tries++;
    }
    assertEquals(0, left, "the last one has just the time that it needs");
    assertTrue(tries > 4 && 2 * spent <= 3600 + 180, tries + " tries of " + spent + " s");
  }

  @Test
  void aShortRestOfTheWindowIsUsed() {
    assertEquals(25, setbacks.failed(ONE, 100, 180), "a lie may show in the first words");
  }

  @Test
  void claimsThatAreOverAreForgotten() {
    setbacks.failed(ONE, 1000, 1);
    setbacks.failed(TWO, 1000, 1);
    setbacks.keep(List.of(TWO, new byte[] {3}));
    assertEquals(1, setbacks.count());
    assertFalse(setbacks.waits(ONE));
    assertTrue(setbacks.waits(TWO));
  }
}
