package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FiniteScalesTest {
  @Test
  void everyPlaneIsKnownHoweverManyThereAre() {
    Random r = new Random(1);
    int planes = 3000;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment weights = arena.allocate(64L * planes, 64);
      boolean[] good = new boolean[planes];
      for (int p = 0; p < planes; p++) {
        good[p] = r.nextInt(4) > 0;
        weights.set(JAVA_SHORT, 64L * p + 30, (short) (good[p] ? 0x7bff : 0xfc01));
      }
      FiniteScales scales = new FiniteScales(weights);
      for (int round = 0; round < 3; round++) {
        for (int p = 0; p < planes; p++) {
          assertEquals(good[p], scales.finite(64L * p, 32), "plane " + p);
          assertEquals(true, scales.finite(64L * p, 30), "less of plane " + p);
        }
      }
    }
  }
}
