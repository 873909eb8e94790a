package opml.inference.keccak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import opml.commitment.Keccak;
import opml.commitment.PairHash;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import org.junit.jupiter.api.Test;

class SimdPairsTest {
  private static List<PairHash> forms() {
    List<PairHash> forms = new ArrayList<>(List.of(new SimdPairs(), new WidePairs()));
    if (Emission.has(Level.AVX2)) {
      forms.add(new EmittedPairs());
    }
    return forms;
  }

  @Test
  void everyCountAndOffsetGivesTheBitsOfThePlainForm() {
    Random r = new Random(1);
    for (PairHash form : forms()) {
      for (int n = 0; n < 300; n += n < 40 ? 1 : 37) {
        byte[] in = new byte[64 * n + 9];
        r.nextBytes(in);
        int from = r.nextInt(9);
        byte[] plain = new byte[32 * n + 5];
        byte[] wide = new byte[32 * n + 5];
        Keccak.plainPairs(in, from, n, plain, 5);
        form.pairs(in, from, n, wide, 5);
        assertArrayEquals(plain, wide, n + " pairs");
        form.pairs(in, from, n, in, from);
        for (int i = 0; i < 32 * n; i++) {
          assertEquals(plain[5 + i], in[from + i], "in place");
        }
      }
    }
  }

  @Test
  void statesOfOneKindInEveryLane() {
    for (PairHash form : forms()) {
      for (int value : new int[] {0, 0xff, 0x80, 1}) {
        byte[] in = new byte[64 * 17];
        Arrays.fill(in, (byte) value);
        byte[] plain = new byte[32 * 17];
        byte[] wide = new byte[32 * 17];
        Keccak.plainPairs(in, 0, 17, plain, 0);
        form.pairs(in, 0, 17, wide, 0);
        assertArrayEquals(plain, wide);
      }
    }
  }

  @Test
  void treesUseIt() {
    assertInstanceOf(SimdPairs.class, ServiceLoader.load(PairHash.class).iterator().next());
  }
}
