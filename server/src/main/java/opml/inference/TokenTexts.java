package opml.inference;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import opml.guest.TokenizerTable;
import opml.tokenizer.TextTokenizer;

/** The texts of a model's tokens, and both ways back from a text: as it is read, and by length. */
final class TokenTexts {
  private final byte[] section;
  private final ByteBuffer words;
  private final TextTokenizer tokenizer;
  private final boolean spaced; // a text that is read gets a space in front
  private final Map<String, Integer> tokens = new HashMap<>(); // by text, a character a byte
  private int longest;

  /**
   * Indexes a tokenizer's section.
   *
   * @param section not changed, and not to be changed
   */
  TokenTexts(byte[] section) {
    this.section = section;
    words = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
    tokenizer = new TextTokenizer(section, false);
    spaced = words.getInt(TokenizerTable.AT_PREFIX) >= 0;
    // of tokens of the same text the later ones are words, the first ones single bytes
    for (int token = 0; token < words.getInt(TokenizerTable.AT_VOCABULARY); token++) {
      int length = length(token);
      if (length > 0) {
        tokens.put(new String(section, from(token), length, ISO_8859_1), token);
        longest = Math.max(longest, length);
      }
    }
  }

  private int index(int token) {
    return words.getInt(words.getInt(TokenizerTable.AT_TEXT_INDEX) + 4 * token);
  }

  private int from(int token) {
    return words.getInt(TokenizerTable.AT_TEXT) + index(token);
  }

  /** Bytes of a token's text; 0 for special tokens. */
  int length(int token) {
    return index(token + 1) - index(token);
  }

  /** Whether a text goes on with a token's at a place. */
  boolean follows(byte[] text, int at, int token) {
    int length = length(token);
    return at + length <= text.length
        && Arrays.equals(text, at, at + length, section, from(token), from(token) + length);
  }

  /** The token of the longest text that a text goes on with; -1 where none fits. */
  int longest(byte[] text, int at) {
    for (int n = Math.min(longest, text.length - at); n > 0; n--) {
      Integer token = tokens.get(new String(text, at, n, ISO_8859_1));
      if (token != null) {
        return token;
      }
    }
    return -1;
  }

  /** Tokens as which a stretch of a text would be read in a prompt. */
  synchronized int[] read(byte[] text, int from, int to) {
    int start = spaced && from < to && text[from] == ' ' ? from + 1 : from;
    return tokenizer.encode(new String(text, start, to - start, UTF_8));
  }
}
