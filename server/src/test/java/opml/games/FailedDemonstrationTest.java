package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import opml.chain.ChainDown;
import opml.http.Problem;
import org.junit.jupiter.api.Test;

class FailedDemonstrationTest {
  @Test
  void whoAskedIsToldWhatHeCanDoAbout() {
    assertEquals("chain-down", Demonstration.told(new ChainDown("silent", null)).slug());
    assertEquals("demo-failed", Demonstration.told(new IllegalStateException("x")).slug());
    assertEquals("demo-failed", Demonstration.told(null).slug()); // no game in time
    Problem unloaded = Problem.unavailable("no-model", "It was unloaded.");
    assertSame(unloaded, Demonstration.told(unloaded));
  }
}
