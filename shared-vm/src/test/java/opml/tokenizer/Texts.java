package opml.tokenizer;

import java.util.List;
import java.util.Random;

/**
 * Random texts that meet the corners of splitting: spaces of all kinds, contractions, digits,
 * marks, all planes, markers.
 */
public final class Texts {
  private static final int[] SPACES = {
    ' ', ' ', '\t', '\n', '\r', 0xb, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202f, 0x3000
  };
  private static final int[] ODD = {
    0x200b, 0x200d, 0xfeff, 0x180e, 0x301, 0xfe0f, 0x1f468, 0x1f3fd, 0xac00, 0x1100, 0x94d, 0x4,
    0x1d, 0, 0x7f, 0xfffd, 0xffff, 0x10ffff, 0x11de0, 0x16ff6, 0xb2, 0xbd, 0x2167, 0x663, 0x1d7d8,
    0x3007, 0x2f81a, 0xe0001
  };
  private static final List<String> PARTS =
      List.of(
          "'s",
          "'t",
          "'re",
          "'ve",
          "'m",
          "'ll",
          "'d",
          "'S",
          "'RE",
          "'l",
          "''",
          "the",
          " the",
          "The",
          "aaaa",
          "hahaha",
          "123",
          " 4",
          "naïve",
          "привет",
          "你好世界",
          "👨‍👩‍👧",
          "  ",
          "\n\n",
          "<|im_start|>",
          "<|im_start",
          "<|im|>",
          "<|im_end|>",
          "<|im_",
          "<|endoftext|><|",
          "...",
          " -",
          "{};");

  private final Random random;

  public Texts(long seed) {
    random = new Random(seed);
  }

  public String next() {
    int parts = 1 << random.nextInt(7);
    StringBuilder text = new StringBuilder();
    int kinds = random.nextInt(1, 64);
    while (text.length() < parts) {
      int kind = random.nextInt(6);
      if ((kinds >> kind & 1) != 0) {
        add(text, kind);
      }
    }
    return text.toString();
  }

  private void add(StringBuilder text, int kind) {
    switch (kind) {
      case 0 -> text.appendCodePoint(SPACES[random.nextInt(SPACES.length)]);
      case 1 -> text.appendCodePoint(ODD[random.nextInt(ODD.length)]);
      case 2 -> text.append(PARTS.get(random.nextInt(PARTS.size())));
      case 3 -> text.appendCodePoint(random.nextInt(0x20, 0x7f));
      case 4 -> text.appendCodePoint(random.nextInt(0xd800));
      default -> text.appendCodePoint(random.nextInt(0xe000, 0x110000));
    }
  }
}
