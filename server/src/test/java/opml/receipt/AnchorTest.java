package opml.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnchorTest {
  private final Instant now = Instant.ofEpochSecond(1_000_000);
  private final Anchor batch = new Anchor();

  AnchorTest() {
    batch.root = new byte[32];
  }

  @Test
  void oneThatWasNeverTriedIsDue() {
    assertTrue(batch.isDue(now));
  }

  @Test
  void afterAMinuteItsEventIsLookedForAgain() {
    batch.failedAt = now;
    assertFalse(batch.isDue(now.plusSeconds(59)));
    assertTrue(batch.isDue(now.plusSeconds(60)));
  }

  @Test
  void eachTransactionThatIsRevertedDoublesTheWaitAndHasAnotherKey() {
    String key = batch.key();
    for (int failures = 1; failures <= 20; failures++) {
      batch.failed(now);
      long wait = 1L << Math.min(12, failures);
      assertFalse(batch.isDue(now.plusSeconds(wait - 1)), "after " + failures);
      assertTrue(batch.isDue(now.plusSeconds(wait)), "after " + failures);
      assertNotEquals(key, batch.key());
      key = batch.key();
    }
  }

  /** Its event is not found, either: the longer wait of the two begins anew, under the same key. */
  @Test
  void lookingForAnEventIsNoFailureOfATransaction() {
    batch.failed(now);
    batch.failed(now);
    batch.failed(now);
    String key = batch.key();
    batch.failedAt = now.plusSeconds(100);
    assertFalse(batch.isDue(now.plusSeconds(107)));
    assertTrue(batch.isDue(now.plusSeconds(108)));
    assertEquals(key, batch.key());
  }
}
