package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import opml.commitment.Merkle;
import org.junit.jupiter.api.Test;

class BytePagesTest {
  private static byte[] data(int n) {
    byte[] b = new byte[n];
    new Random(n).nextBytes(b);
    return b;
  }

  @Test
  void rootsAndNodesAreThoseOfTheTree() {
    for (int n : new int[] {0, 5, 32, 4096, 4097, 3 * 4096 + 9}) {
      for (int g = 9; g < 12; g++) {
        BytePages p = new BytePages(data(n), g);
        assertArrayEquals(Merkle.root(data(n), g), p.root());
        for (long i : new long[] {0, 100, 127, 128, 130, 390, 511}) {
          byte[] leaf = new byte[32];
          p.node(0, i, leaf, 0);
          assertArrayEquals(p.root(), Merkle.climb(leaf, i, Merkle.branch(p, i, g), 0, g));
        }
      }
    }
  }

  @Test
  void aRegionSmallerThanAPageHasARoot() {
    assertArrayEquals(Merkle.root(data(40), 1), new BytePages(data(40), 1).root());
    assertArrayEquals(Merkle.root(data(32), 0), new BytePages(data(32), 0).root());
  }

  @Test
  void wordsAreLittleEndianAndZeroBeyondTheEnd() {
    byte[] d = Arrays.copyOf(new byte[] {1, 2, 3, (byte) 0x84, 5, 6, 7}, 7);
    int[] words = new int[Pages.WORDS];
    new BytePages(d, 7).read(0, words);
    assertEquals(0x84030201, words[0]);
    assertEquals(0x070605, words[1]);
    assertEquals(0, words[2]);
  }

  @Test
  void contentLargerThanTheRegionIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BytePages(new byte[65], 1));
  }
}
