package opml.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import opml.guest.GuestFault;
import opml.guest.TokenizerTable;
import opml.guest.Wire;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {
  private static final Vocabulary VOCABULARY = SmallVocabulary.make();
  private static final byte[] SECTION = TokenizerSection.build(VOCABULARY);
  private final TextTokenizer plain = new TextTokenizer(SECTION, false);
  private final TextTokenizer special = new TextTokenizer(SECTION, true);
  private final PlainTokenizer expected = new PlainTokenizer(VOCABULARY);

  @Test
  void randomTextsHaveTheTokensOfTheObviousTokenizer() {
    Texts texts = new Texts(5);
    for (int i = 0; i < 20_000; i++) {
      String text = texts.next();
      assertEquals(expected.plain(text), list(plain.encode(text)), text);
      assertEquals(expected.special(text), list(special.encode(text)), text);
    }
  }

  @Test
  void everyCharacterIsSplitAsByTheObviousTokenizer() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3400 ? 1 : 61) {
      if (c < 0xd800 || c > 0xdfff) {
        String character = Character.toString(c);
        String text =
            "a" + character + " " + character + "'s  " + character + "!" + character + "1";
        assertEquals(
            expected.plain(text), list(plain.encode(text)), () -> "U+" + character.codePointAt(0));
      }
    }
  }

  /**
   * Lines of goldens.txt: text as hexadecimal UTF-8, its tokens, its tokens with special ones; by
   * the reference implementation.
   */
  @Test
  void goldenTextsHaveTheTokensOfTheReference() throws IOException {
    byte[] file = TextTokenizerTest.class.getResourceAsStream("goldens.txt").readAllBytes();
    List<String> lines = new String(file, StandardCharsets.US_ASCII).lines().toList();
    assertTrue(lines.size() > 300);
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      String text = new String(HexFormat.of().parseHex(fields[0]), StandardCharsets.UTF_8);
      assertEquals(fields[1], line(plain.encode(text)), text);
      assertEquals(fields[2], line(special.encode(text)), text);
    }
  }

  @Test
  void longTextsAreCutBetweenWords() {
    String line = "the quick brown fox doesn't jump  over 12 lazy dogs\n\n  and 你好世界 ";
    String text = line.repeat(2000);
    assertEquals(expected.plain(text), list(plain.encode(text)));
  }

  @Test
  void aWordThatFitsNoRequestIsNamed() {
    String text = "a".repeat(40_000);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> plain.encode(text))
            .getMessage()
            .contains("byte 0"));
  }

  @Test
  void anEmptyTextAndBytesWithoutTokensGiveNothing() {
    assertArrayEquals(new int[0], plain.encode(""));
    assertArrayEquals(new int[0], plain.encode("\u0004\u001d"));
    assertArrayEquals(plain.encode("<|"), plain.encode("<\u0004\u001d|"));
  }

  /** The tokenizer is shared: what somebody gave it before must not show in what comes after. */
  @Test
  void afterAFaultInTheMiddleOfATextTheNextOneHasItsTokens() {
    byte[] damaged = SECTION.clone();
    int far = 1 << 29;
    ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(TokenizerTable.AT_MERGED, far);
    TextTokenizer tokenizer = new TextTokenizer(damaged, false);
    int[] before = tokenizer.encode("a b");
    assertThrows(GuestFault.class, () -> tokenizer.encode("a the"));
    assertArrayEquals(before, tokenizer.encode("a b"));
  }

  @Test
  void theLongestPieceOfTextMayHaveATokenForEachByteAndASpaceInFront() {
    TextTokenizer sentence =
        new TextTokenizer(TokenizerSection.build(SmallVocabulary.sentence()), false);
    int[] tokens = sentence.encode("\u0001".repeat(Wire.MAX_BODY));
    assertEquals(Wire.MAX_BODY + 1, tokens.length);
    assertEquals(2, sentence.encode("\u0001").length);
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }

  private static String line(int[] tokens) {
    return Arrays.toString(tokens).replaceAll("[\\[\\],]", "");
  }
}
