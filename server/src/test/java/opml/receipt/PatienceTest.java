package opml.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import opml.chain.Anvil;
import org.junit.jupiter.api.Test;

class PatienceTest {
  /** Who asks has no login and pays nothing: a transaction a second would ruin the proposer. */
  @Test
  void whereGasCostsSomethingBatchesWaitForMinutes() {
    assertEquals(Duration.ofSeconds(1), Anchors.usual(Anvil.CHAIN_ID));
    assertEquals(Duration.ofMinutes(5), Anchors.usual(1));
  }
}
