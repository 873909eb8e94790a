package opml.commitment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeccakTest {
  private static String hash(String text) {
    return HexFormat.of().formatHex(Keccak.hash(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void knownAnswers() {
    assertEquals("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", hash(""));
    assertEquals("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45", hash("abc"));
    assertEquals(
        "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15",
        hash("The quick brown fox jumps over the lazy dog"));
  }

  @Test
  void everyLengthAroundTheRateDiffers() {
    String previous = "";
    for (int n = 130; n < 280; n++) {
      String h = hash("a".repeat(n));
      assertEquals(false, h.equals(previous));
      previous = h;
    }
    assertEquals(
        "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e", hash("a".repeat(136)));
  }

  @Test
  void aPairIsTheHashOfBothNodes() {
    byte[] both = new byte[64];
    for (int i = 0; i < 64; i++) {
      both[i] = (byte) (i * 7 - 100);
    }
    byte[] out = Arrays.copyOf(both, 64);
    Keccak.pair(out, 0, out, 32, out, 0);
    assertArrayEquals(Keccak.hash(both), Arrays.copyOf(out, 32));
  }

  @Test
  void manyPairsAreHashedAsOneByOne() {
    byte[] in = new byte[64 * 9];
    new Random(4).nextBytes(in);
    byte[] out = new byte[32 * 9];
    Keccak.pairs(in, 0, 9, out, 0);
    for (int i = 0; i < 9; i++) {
      byte[] one = Keccak.hash(Arrays.copyOfRange(in, 64 * i, 64 * i + 64));
      assertArrayEquals(one, Arrays.copyOfRange(out, 32 * i, 32 * i + 32));
    }
  }
}
