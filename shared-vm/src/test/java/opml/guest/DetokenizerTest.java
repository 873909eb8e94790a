package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import opml.tokenizer.SmallVocabulary;
import opml.tokenizer.TextTokenizer;
import opml.tokenizer.Texts;
import opml.tokenizer.TokenizerSection;
import opml.tokenizer.Vocabulary;
import org.junit.jupiter.api.Test;

class DetokenizerTest {
  private static final Vocabulary VOCABULARY = SmallVocabulary.make();
  private static final byte[] SECTION = TokenizerSection.build(VOCABULARY);
  private final ArrayMemory memory = new ArrayMemory(new byte[0], SECTION, 10, 20, 15, 11);

  @Test
  void tokensOfATextGiveItsBytesButThoseWithoutAToken() {
    TextTokenizer tokenizer = new TextTokenizer(SECTION, false);
    Texts texts = new Texts(3);
    for (int i = 0; i < 500; i++) {
      String text = texts.next();
      assertArrayEquals(known(text), text(tokenizer.encode(text)), text);
    }
  }

  private static byte[] known(String text) {
    ByteArrayOutputStream known = new ByteArrayOutputStream();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      int value = octet & 255;
      if (value != 4 && value != 6 && value != 0x1d && value != 0xc0 && value != 0xf1) {
        known.write(value);
      }
    }
    return known.toByteArray();
  }

  private byte[] text(int... tokens) {
    int length = 0;
    for (int token : tokens) {
      length = Detokenizer.append(memory, Reading.TABLE, token, Wire.TEXT, length, Wire.MAX_TEXT);
    }
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) memory.loadU8(Wire.TEXT + i);
    }
    return text;
  }

  @Test
  void specialTokensHaveNoText() {
    assertEquals(0, text(0, 1, 2, 3, 4).length);
  }

  @Test
  void aTokenThatDoesNotFitLeavesTheTextAsItIs() {
    int token = VOCABULARY.tokens().indexOf("aaaa");
    assertEquals(14, Detokenizer.append(memory, Reading.TABLE, token, Wire.TEXT, 10, 14));
    assertEquals(
        Detokenizer.FULL, Detokenizer.append(memory, Reading.TABLE, token, Wire.TEXT, 11, 14));
    assertEquals(0, memory.loadU8(Wire.TEXT + 14));
  }
}
