package opml.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import opml.commitment.Keccak;
import opml.guest.TokenizerTable;
import org.junit.jupiter.api.Test;

class TokenizerSectionTest {
  private static final Vocabulary GOOD = SmallVocabulary.make();

  @Test
  void theClassTableIsThatOfUnicodeSixteen() {
    byte[] classes = UnicodeClasses.classes(Style.SMOLLM);
    for (int c = 0; c < classes.length; c++) {
      boolean newer = c >= 0x11de0 && c <= 0x11de9 || c >= 0x16ff4 && c <= 0x16ff6;
      assertEquals(
          newer ? TokenizerTable.CLASS_DIGIT : kind(c), classes[c], "U+" + Integer.toHexString(c));
    }
  }

  private static int kind(int c) {
    int type = Character.getType(c);
    if (Character.isLetter(c)) {
      return TokenizerTable.CLASS_LETTER;
    }
    boolean control = c >= 9 && c <= 13 || c == 0x85;
    if (control || Character.isSpaceChar(c)) {
      return TokenizerTable.CLASS_SPACE;
    }
    boolean number =
        type == Character.DECIMAL_DIGIT_NUMBER
            || type == Character.LETTER_NUMBER
            || type == Character.OTHER_NUMBER;
    return number ? TokenizerTable.CLASS_DIGIT : TokenizerTable.CLASS_OTHER;
  }

  @Test
  void theSectionOfTheSmallVocabularyHasAKnownHash() {
    assertEquals(
        "d48ff1986e6bb7cb5ceb1f09df46730d613b4c318d38464daa73881ca5c7f103",
        java.util.HexFormat.of().formatHex(Keccak.hash(TokenizerSection.build(GOOD))));
  }

  @Test
  void numbersMayRunTogetherWithoutTheDigitRule() {
    TextTokenizer together =
        new TextTokenizer(TokenizerSection.build(with(GOOD, "gpt-2", GOOD.merges())), false);
    TextTokenizer alone = new TextTokenizer(TokenizerSection.build(GOOD), false);
    assertArrayEquals(alone.encode("a 12"), together.encode("a 12"));
    List<String> merges = new ArrayList<>(GOOD.merges());
    merges.add("1 2");
    List<String> tokens = new ArrayList<>(GOOD.tokens());
    tokens.add("12");
    Vocabulary more = new Vocabulary("gpt2", "gpt-2", tokens, null, merges, -1, -1, false, null);
    assertEquals(1, new TextTokenizer(TokenizerSection.build(more), false).encode("12").length);
  }

  @Test
  void manyRandomMergesAreAllFound() {
    List<String> tokens = new ArrayList<>();
    List<String> merges = new ArrayList<>();
    for (char c = 'A'; c < 'A' + 120; c++) {
      if (ByteAlphabet.decode("" + c) != null) {
        tokens.add("" + c);
      }
    }
    List<String> single = List.copyOf(tokens);
    for (String left : single) {
      for (String right : single) {
        tokens.add(left + right);
        merges.add(left + " " + right);
      }
    }
    Vocabulary vocabulary =
        new Vocabulary("gpt2", "gpt-2", tokens, null, merges, -1, -1, false, null);
    TextTokenizer tokenizer = new TextTokenizer(TokenizerSection.build(vocabulary), false);
    for (char left = 'A'; left <= 'Z'; left++) {
      for (char right = 'a'; right <= 'z'; right++) {
        assertArrayEquals(
            new int[] {tokens.indexOf("" + left + right)}, tokenizer.encode("" + left + right));
      }
    }
  }

  @Test
  void theDefaultSystemMessageIsReadFromTheTemplate() {
    assertEquals("You are small.", Template.defaultSystem(SmallVocabulary.TEMPLATE));
    assertNull(
        Template.defaultSystem(
            "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' }}"));
    assertNull(Template.defaultSystem("{{ '<|im_start|>system\\n' + system + '<|im_end|>' }}"));
  }

  @Test
  void damagedMetadataIsNamed() {
    refused(
        "tokenizer.ggml.model",
        new Vocabulary("t5", "smollm", GOOD.tokens(), null, List.of(), 1, 2, false, null));
    refused("tokenizer.ggml.pre", with(GOOD, "other", GOOD.merges()));
    refused("tokenizer.ggml.merges[0]", with(GOOD, "smollm", List.of("a")));
    refused("tokenizer.ggml.merges[1]", with(GOOD, "smollm", List.of("a a", "a \u4e00")));
    refused(
        "tokenizer.ggml.token_type",
        new Vocabulary("gpt2", "smollm", GOOD.tokens(), new int[3], List.of(), 1, 2, false, null));
    refused(
        "tokenizer.ggml.tokens",
        new Vocabulary("gpt2", "smollm", List.of(), null, List.of(), -1, -1, false, null));
    refused(
        "eos_token_id",
        new Vocabulary("gpt2", "smollm", List.of("a"), null, List.of(), -1, 1, false, null));
    refused(
        "tokenizer.ggml.tokens[0]",
        new Vocabulary(
            "gpt2", "smollm", List.of("a".repeat(257)), null, List.of(), -1, -1, false, null));
  }

  private static Vocabulary with(Vocabulary v, String pre, List<String> merges) {
    return new Vocabulary(
        v.model(),
        pre,
        v.tokens(),
        v.types(),
        merges,
        v.bos(),
        v.eos(),
        v.addBos(),
        v.chatTemplate());
  }

  private static void refused(String field, Vocabulary vocabulary) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> TokenizerSection.build(vocabulary))
            .getMessage();
    assertTrue(message.contains(field), message);
  }
}
