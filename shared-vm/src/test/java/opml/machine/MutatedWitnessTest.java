package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The verifier against changed witnesses; the contract's test reads the same ones. */
class MutatedWitnessTest {
  @Test
  void noPrestateHasTwoSuccessors() {
    List<Mutation.Base> bases = Mutation.bases(StepVectors.json());
    Map<String, String> successors = new HashMap<>();
    Random random = new Random(7);
    int accepted = 0;
    for (int i = 0; i < 40_000; i++) {
      Mutation m = new Mutation(bases, random);
      byte[] both = m.verdict(); // what is thrown here is no refusal but a fault
      if (both != null) {
        accepted++;
        String pre = HexFormat.of().formatHex(both, 0, 32) + m.boundary;
        String post = HexFormat.of().formatHex(both, 32, 64);
        String before = successors.putIfAbsent(pre, post);
        assertTrue(before == null || before.equals(post), () -> "two successors of " + pre);
        if (m.witness[0] != 1) {
          String other = HexFormat.of().formatHex(both, 0, 32) + !m.boundary;
          assertEquals(post, successors.getOrDefault(other, post), "only YIELD minds the boundary");
        }
      }
    }
    assertTrue(accepted > 5000 && accepted < 30_000, "accepted and refused ones: " + accepted);
  }

  @Test
  void theFileIsWhatTheVerifierSaysNow() throws IOException {
    assertArrayEquals(
        MutatedVectors.json().getBytes(StandardCharsets.UTF_8),
        MutatedVectors.resource(),
        "stale: run opml.machine.MutatedVectors src/main/resources/opml/vectors/mutated.json");
  }
}
