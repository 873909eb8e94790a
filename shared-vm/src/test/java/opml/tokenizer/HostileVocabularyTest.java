package opml.tokenizer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import opml.guest.Merges;
import opml.guest.TokenizerTable;
import org.junit.jupiter.api.Test;

/** Model files made to fill the memory of who imports them, or to keep him busy for hours. */
class HostileVocabularyTest {
  private static final int PLACES = TokenizerTable.MAX_VOCABULARY - 1024; // for names of halves

  private static void refused(String field, Vocabulary vocabulary) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> TokenizerSection.build(vocabulary))
            .getMessage();
    assertTrue(message.contains(field), message);
  }

  /** A node of the trie takes a kilobyte: 16 GB. */
  @Test
  void aSpecialTokenOfMillionsOfBytesIsRefusedAtOnce() {
    List<String> tokens = List.of("a", "b".repeat(1 << 24));
    int[] types = {1, 3};
    refused(
        "special tokens",
        new Vocabulary("gpt2", "gpt-2", tokens, types, List.of(), -1, -1, false, null));
  }

  /** From each of its markers on it is searched to the end. */
  @Test
  void aTemplateOfManyMarkersIsRefused() {
    String template = "<|im_end|>" + "<|im_start|>system\n".repeat(1 << 18);
    List<String> tokens = List.of("<|im_start|>", "<|im_end|>");
    refused(
        "tokenizer.chat_template",
        new Vocabulary("gpt2", "gpt-2", tokens, null, List.of(), -1, -1, false, template));
  }

  /** The rank of a merge has 21 bits where the guest looks it up. */
  @Test
  void moreMergesThanRanksAreRefused() {
    List<String> merges = Collections.nCopies((1 << 21) + 1, "a b");
    refused(
        "tokenizer.ggml.merges",
        new Vocabulary(
            "gpt2", "gpt-2", List.of("a", "b", "ab"), null, merges, -1, -1, false, null));
  }

  /** Each of these tokens is made of two others in as many ways as it has cuts. */
  @Test
  void tokensThatAreMadeInMillionsOfWaysAreRefused() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i <= 128; i++) {
      for (int k = i == 0 ? 1 : 0; k <= 128; k++) {
        tokens.add("a".repeat(i) + "b".repeat(k));
      }
    }
    float[] scores = new float[tokens.size()];
    refused(
        "tokenizer.ggml.tokens",
        new Vocabulary("llama", "", tokens, null, List.of(), scores, -1, -1, false, false, null));
  }

  /** For each seed so many pairs have one hash that no table holds them, however large. */
  @Test
  void mergesThatCollideInEveryTableAreRefused() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      tokens.add("t" + i + ".");
    }
    List<String> merges = new ArrayList<>();
    for (int seed = 3; seed < 3 + 64; seed += 2) {
      for (int[] pair : colliding(seed)) {
        String left = tokens.get(pair[0]);
        String right = tokens.get(pair[1]);
        merges.add(left + " " + right);
        tokens.add(left + right);
      }
    }
    refused(
        "tokenizer.ggml.merges",
        new Vocabulary("gpt2", "gpt-2", tokens, null, merges, -1, -1, false, null));
  }

  private static List<int[]> colliding(int seed) {
    int inverse = 0x9e3779b1; // modulo 2^32, by Newton's steps
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - 0x9e3779b1 * inverse;
    }
    Random random = new Random(seed);
    List<int[]> pairs = new ArrayList<>();
    while (pairs.size() <= TokenizerTable.MAX_PROBE) {
      int hash = random.nextInt();
      pairs.clear();
      for (int right = 0; right < PLACES && pairs.size() <= TokenizerTable.MAX_PROBE; right++) {
        int left = (hash ^ right * seed) * inverse;
        if (left >= 0 && left < PLACES) {
          pairs.add(new int[] {left, right});
        }
      }
    }
    int slot = Merges.slot(pairs.getFirst()[0], pairs.getFirst()[1], seed, 31);
    assertTrue(pairs.stream().allMatch(p -> Merges.slot(p[0], p[1], seed, 31) == slot));
    return pairs;
  }
}
