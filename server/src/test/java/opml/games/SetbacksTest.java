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
      assertEquals(wait, setbacks.failed(ONE, 1000));
      assertTrue(setbacks.waits(ONE));
      assertFalse(setbacks.waits(TWO), "others are not kept waiting");
      now.addAndGet(wait - 1);
      assertTrue(setbacks.waits(ONE));
      now.incrementAndGet();
      assertFalse(setbacks.waits(ONE));
    }
    setbacks.over(ONE);
    assertEquals(1, setbacks.failed(ONE, 1000), "what succeeded once begins anew");
  }

  @Test
  void someTriesFitIntoWhatIsLeftOfTheWindow() {
    for (int i = 0; i < 6; i++) {
      setbacks.failed(ONE, 1000);
    }
    assertEquals(10, setbacks.failed(ONE, 40));
    assertEquals(1, setbacks.failed(ONE, 3));
    assertEquals(1, setbacks.failed(ONE, -5));
  }

  @Test
  void claimsThatAreOverAreForgotten() {
    setbacks.failed(ONE, 1000);
    setbacks.failed(TWO, 1000);
    setbacks.keep(List.of(TWO, new byte[] {3}));
    assertEquals(1, setbacks.count());
    assertFalse(setbacks.waits(ONE));
    assertTrue(setbacks.waits(TWO));
  }
}
