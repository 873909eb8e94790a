package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import opml.tokenizer.PlainTokenizer;
import opml.tokenizer.SmallVocabulary;
import opml.tokenizer.Texts;
import opml.tokenizer.TokenizerSection;
import opml.tokenizer.Vocabulary;
import org.junit.jupiter.api.Test;

/** The styles of Llama 3 and of SentencePiece against the obvious implementation. */
class TokenizerStylesTest {
  private static final int CONTEXT = 8192;
  private static final Vocabulary CASELESS = SmallVocabulary.caseless();
  private static final Vocabulary SENTENCE = SmallVocabulary.sentence();

  @Test
  void randomTextsHaveTheTokensOfTheObviousImplementation() {
    for (Vocabulary v : List.of(CASELESS, SENTENCE)) {
      byte[] section = TokenizerSection.build(v);
      PlainTokenizer plain = new PlainTokenizer(v);
      Texts texts = new Texts(21);
      for (int i = 0; i < 400; i++) {
        // the two numbers that only a later Unicode knows are left out: Java may know them
        String text = texts.next().replaceAll("[\\x{11de0}\\x{16ff6}]", "x");
        List<Integer> expected = new ArrayList<>(List.of(v.bos()));
        List<Integer> own = v == SENTENCE ? pieces(plain, text) : plain.special(text);
        expected.addAll(own);
        int[] wanted = expected.stream().mapToInt(Integer::intValue).toArray();
        assertArrayEquals(wanted, read(section, Reading.raw(text)), v.pre() + " " + text);
      }
    }
  }

  /** Markers of the other vocabulary are plain text here. */
  private static List<Integer> pieces(PlainTokenizer plain, String text) {
    return text.isEmpty() ? Collections.emptyList() : plain.plain(text);
  }

  @Test
  void cornersOfTheCaselessStyle() {
    byte[] section = TokenizerSection.build(CASELESS);
    PlainTokenizer plain = new PlainTokenizer(CASELESS);
    for (String text :
        List.of(
            "12345 1234567",
            "I'LL we'Ve 'sx x'S 'M",
            " \t\n  \n   x",
            "a\n\n\r\n b  ",
            "!!\n\n?\r x ?! .",
            "\u00a0the \u2003the",
            "xyzzy xyzzy qv qvq xyzzyx",
            " 12 \t34")) {
      List<Integer> expected = new ArrayList<>(List.of(CASELESS.bos()));
      expected.addAll(plain.plain(text));
      assertArrayEquals(
          expected.stream().mapToInt(Integer::intValue).toArray(),
          read(section, Reading.raw(text)),
          text);
    }
    int[] whole = read(section, Reading.raw("xyzzy qv"));
    assertEquals(3, whole.length);
  }

  @Test
  void llamaThreeTrimsContents() {
    byte[] section = TokenizerSection.build(CASELESS);
    int[] trimmed = read(section, Reading.chat(0, "\n the fox\t ", 1, " ", 2, "", 1, "x y"));
    String head = "<|start_header_id|>%s<|end_header_id|>\n\n";
    String text =
        String.format(head + "the fox<|eot_id|>", "system")
            + String.format(head + "<|eot_id|>", "user")
            + String.format(head + "<|eot_id|>", "assistant")
            + String.format(head + "x y<|eot_id|>", "user")
            + String.format(head, "assistant");
    assertArrayEquals(read(section, Reading.raw(text)), trimmed);
  }

  @Test
  void llamaTwoPutsTheSystemMessageIntoTheFirstInstruction() {
    byte[] section = TokenizerSection.build(SENTENCE);
    int[] tokens = read(section, Reading.chat(0, " a b", 1, "x", 2, "yes ", 1, "the"));
    // a raw text gets the first <s> by itself
    String text = "[INST] <<SYS>>\na b\n<</SYS>>\n\nx [/INST]yes</s><s>[INST] the [/INST]";
    assertArrayEquals(read(section, Reading.raw(text)), tokens);
  }

  @Test
  void charactersWithoutATokenAreBytesAndSpacesComeBackInAnswers() {
    byte[] section = TokenizerSection.build(SENTENCE);
    int[] tokens = read(section, Reading.raw("ö é"));
    int space = SENTENCE.tokens().indexOf("\u2581");
    int o = SENTENCE.tokens().indexOf("ö");
    assertArrayEquals(new int[] {1, space, o, space, 3 + 0xc3, 3 + 0xa9}, tokens);
    ArrayMemory memory = new ArrayMemory(new byte[32], section, 10, 20, 15, 11);
    int length = 0;
    for (int token : new int[] {space, o, 1, 0, 3 + 0xc3, 3 + 0xa9}) {
      length = Detokenizer.append(memory, 3L << 40, token, Wire.TEXT, length, 100);
    }
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) memory.loadU8(Wire.TEXT + i);
    }
    assertEquals(" öé", new String(text, java.nio.charset.StandardCharsets.UTF_8));
  }

  private static int[] read(byte[] section, byte[] input) {
    return new Reading(section, input, CONTEXT).run().tokens();
  }
}
