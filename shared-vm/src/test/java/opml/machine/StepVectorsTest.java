package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StepVectorsTest {
  @Test
  void theFileIsWhatTheMachineMakesNow() throws IOException {
    String json = StepVectors.json();
    assertTrue(json.split("\n").length >= 302, "at least 300 vectors");
    assertArrayEquals(
        json.getBytes(StandardCharsets.UTF_8),
        StepVectors.resource(),
        "stale: run opml.machine.StepVectors src/main/resources/opml/vectors/step.json");
  }
}
