package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import opml.guest.TokenizerTable;
import opml.tokenizer.TokenizerSection;
import opml.tokenizer.Vocabulary;
import org.junit.jupiter.api.Test;

class TokenTextsTest {
  private static final int MOST = TokenizerTable.MAX_TOKEN_BYTES;

  /** Bytes and some words, long ones among them, of which one begins as most others do. */
  private static Vocabulary vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int octet = 0; octet < 256; octet++) {
      tokens.add(String.format("<0x%02X>", octet));
    }
    tokens.addAll(List.of("a", "b", "c", "\u2581", "t", "h", "e", "th", "\u2581the"));
    tokens.addAll(List.of("a".repeat(MOST), "a".repeat(MOST - 6), "aab", "aa", "ab"));
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    Arrays.fill(types, 0, 3, 3);
    Arrays.fill(types, 3, 259, 6);
    float[] scores = new float[tokens.size()];
    return new Vocabulary(
        "llama", "default", tokens, types, List.of(), scores, 1, 2, true, true, null);
  }

  private static int obvious(TokenTexts texts, byte[] text, int at, int tokens) {
    int found = -1;
    for (int t = 0; t < tokens; t++) {
      int length = texts.length(t);
      boolean fits = length > 0 && texts.follows(text, at, t);
      found = fits && (found < 0 || length >= texts.length(found)) ? t : found;
    }
    return found;
  }

  @Test
  void theLongestTokenIsFoundWhateverFollowsAndTheLastOfEqualOnes() {
    Vocabulary vocabulary = vocabulary();
    TokenTexts texts = new TokenTexts(TokenizerSection.build(vocabulary));
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      byte[] text = new byte[random.nextInt(600)];
      for (int i = 0; i < text.length; i++) {
        text[i] =
            (byte)
                (random.nextInt(50) == 0
                    ? random.nextInt(256)
                    : "aaaab the".charAt(random.nextInt(9)));
      }
      if (round % 2 == 0) {
        text = "a".repeat(text.length).getBytes(StandardCharsets.US_ASCII);
      }
      for (int at = 0; at <= text.length; at += 1 + random.nextInt(40)) {
        assertEquals(
            obvious(texts, text, at, vocabulary.tokens().size()),
            texts.longest(text, at),
            "round " + round + ", byte " + at);
      }
    }
  }

  /** A liar's text asks for it at each token: no copy of it for each length that might fit. */
  @Test
  void lookingForItCopiesNothing() {
    TokenTexts texts = new TokenTexts(TokenizerSection.build(vocabulary()));
    byte[] text = ("a".repeat(MOST - 7) + "b").repeat(30).getBytes(StandardCharsets.US_ASCII);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int found = 0;
    for (int at = 0; at < text.length; at++) {
      found += texts.longest(text, at) >= 0 ? 1 : 0;
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(text.length, found);
    assertTrue(bytes < text.length, bytes + " bytes allocated for " + text.length + " searches");
  }
}
