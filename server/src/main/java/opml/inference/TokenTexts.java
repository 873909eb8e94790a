package opml.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import opml.guest.TokenizerTable;
import opml.tokenizer.TextTokenizer;

/** The texts of a model's tokens, and both ways back from a text: as it is read, and by length. */
final class TokenTexts {
  private final byte[] section;
  private final ByteBuffer words;
  private final TextTokenizer tokenizer;
  private final boolean spaced; // a text that is read gets a space in front
  private final int[] sorted; // tokens by their texts

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
    sorted =
        IntStream.range(0, words.getInt(TokenizerTable.AT_VOCABULARY))
            .filter(t -> length(t) > 0 && length(t) <= TokenizerTable.MAX_TOKEN_BYTES)
            .boxed()
            .sorted(((Comparator<Integer>) this::compare).thenComparing(Comparator.reverseOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private int compare(int a, int b) {
    int inA = from(a);
    int inB = from(b);
    return Arrays.compareUnsigned(section, inA, inA + length(a), section, inB, inB + length(b));
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
    int found = -1;
    int first = 0;
    int end = sorted.length; // of the tokens that begin as the text does, so far
    for (int n = 0; first < end && at + n < text.length; n++) {
      int octet = text[at + n] & 0xff;
      first = bound(first, end, n, octet);
      end = bound(first, end, n, octet + 1);
      if (first < end && length(sorted[first]) == n + 1) {
        found = sorted[first];
      }
    }
    return found;
  }

  /** The first of tokens, equal in their first bytes, whose next byte is not below a bound. */
  private int bound(int first, int end, int at, int octet) {
    int low = first;
    int high = end;
    while (low < high) {
      int middle = low + high >>> 1;
      int token = sorted[middle];
      int own = at < length(token) ? section[from(token) + at] & 0xff : -1;
      if (own < octet) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Tokens as which a stretch of a text would be read in a prompt. */
  synchronized int[] read(byte[] text, int from, int to) {
    int start = spaced && from < to && text[from] == ' ' ? from + 1 : from;
    return tokenizer.encode(new String(text, start, to - start, UTF_8));
  }
}
