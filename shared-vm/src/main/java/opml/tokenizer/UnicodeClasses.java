package opml.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.guest.TokenizerTable;

/**
 * Letters, numbers and white space, from a resource rather than from the running Java: the same
 * model must have the same WEIGHTS root under every Java version.
 */
final class UnicodeClasses {
  private static final int BLOCK = 128;

  private UnicodeClasses() {}

  /** Class by code point. */
  static byte[] classes(Style style) {
    byte[] classes = new byte[Character.MAX_CODE_POINT + 1];
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                UnicodeClasses.class.getResourceAsStream("/opml/tokenizer/unicode.txt"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          fill(classes, line.split(" "), style == Style.SMOLLM);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (style.number == TokenizerTable.STYLE_CASELESS) {
      classes['\r'] = TokenizerTable.CLASS_NEWLINE;
      classes['\n'] = TokenizerTable.CLASS_NEWLINE;
    }
    return classes;
  }

  private static void fill(byte[] classes, String[] line, boolean digitsAlone) {
    int kind =
        switch (line[0]) {
          case "L" -> TokenizerTable.CLASS_LETTER;
          case "S" -> TokenizerTable.CLASS_SPACE;
          case "N" -> digitsAlone ? TokenizerTable.CLASS_DIGIT : TokenizerTable.CLASS_NUMBER;
          default -> digitsAlone ? TokenizerTable.CLASS_DIGIT : TokenizerTable.CLASS_OTHER;
        };
    for (int i = 1; i < line.length; i++) {
      int dash = line[i].indexOf('-');
      int first = Integer.parseInt(dash < 0 ? line[i] : line[i].substring(0, dash), 16);
      int last = Integer.parseInt(line[i].substring(dash + 1), 16);
      Arrays.fill(classes, first, last + 1, (byte) kind);
    }
  }

  /** Writes the two-level table. */
  static void write(Section section, Style style) {
    byte[] classes = classes(style);
    Map<String, byte[]> blocks = new LinkedHashMap<>();
    Map<String, Integer> numbers = new LinkedHashMap<>();
    byte[] index = new byte[classes.length / BLOCK];
    for (int i = 0; i < index.length; i++) {
      byte[] block = Arrays.copyOfRange(classes, i * BLOCK, (i + 1) * BLOCK);
      String key = new String(block, StandardCharsets.ISO_8859_1);
      blocks.putIfAbsent(key, block);
      numbers.putIfAbsent(key, numbers.size());
      index[i] = (byte) (int) numbers.get(key);
    }
    if (blocks.size() > 256) {
      throw new IllegalStateException("more than 256 different blocks of character classes");
    }
    section.mark(TokenizerTable.AT_CLASS_INDEX);
    section.bytes(index);
    section.mark(TokenizerTable.AT_CLASS_BLOCKS);
    blocks.values().forEach(section::bytes);
  }
}
