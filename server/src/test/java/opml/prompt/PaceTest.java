package opml.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final StringBuilder read = new StringBuilder();
  private long now;
  private final Pace pace = new Pace(read::append, () -> now);

  @Test
  void onlyWhatComesAfterTheFirstPieceCounts() {
    for (String piece : new String[] {"a", "b", "c"}) {
      now += read.isEmpty() ? 5_000_000_000L : 10_000_000; // the prompt is read before the first
      pace.accept(piece);
    }
    now += 1_000_000_000; // the answer is audited
    assertEquals(100.0, pace.tokensPerSecond(3));
    assertEquals("abc", read.toString());
  }

  @Test
  void oneTokenHasNoPace() {
    assertNull(pace.tokensPerSecond(1));
    pace.accept("a");
    assertNull(pace.tokensPerSecond(1));
    assertNull(pace.tokensPerSecond(2), "all of it in one piece");
  }
}
