package opml.inference;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Tokens that a claimed text is likely made of. Which they are the text does not say: it is read as
 * a prompt would be, which is right in 99 of 100 cases, or by the longest token that fits where
 * that was right more recently. A guess decides nothing: the guest chooses every token.
 */
public final class Draft {
  /** Bytes that are read at a time: a liar's text is not read beyond its first difference. */
  private static final int WINDOW = 256;

  private final byte[] text;
  private final Supplier<TokenTexts> texts;
  private int[] read = {}; // tokens of a stretch of the text
  private int[] starts = {}; // where they begin
  private boolean longest;
  private boolean over;

  /**
   * A draft.
   *
   * @param text of the claimed answer
   */
  Draft(byte[] text, Supplier<TokenTexts> texts) {
    this.text = text;
    this.texts = texts;
  }

  /** The tokens that likely follow the text's first bytes; none where the answer is another. */
  int[] after(int bytes, int most) {
    try {
      return over ? new int[0] : guess(bytes, most);
    } catch (RuntimeException e) {
      over = true; // a damaged table: what the guest makes of it is for the guest to show
      return new int[0];
    }
  }

  private int[] guess(int bytes, int most) {
    int[] next = new int[most];
    int at = bytes;
    int count = 0;
    while (count < most) {
      int token = longest ? texts.get().longest(text, at) : asRead(at);
      if (token < 0) {
        break;
      }
      next[count++] = token;
      at += texts.get().length(token);
    }
    return Arrays.copyOf(next, count);
  }

  /**
   * The guest chose a token.
   *
   * @param bytes of the answer before it
   * @return whether the guess was right
   */
  boolean chose(int bytes, int token) {
    try {
      return !over && compare(bytes, token);
    } catch (RuntimeException e) {
      over = true;
      return false;
    }
  }

  private boolean compare(int bytes, int token) {
    if (!texts.get().follows(text, bytes, token)) {
      over = true;
      return false;
    }
    boolean first = asRead(bytes) == token;
    boolean second = texts.get().longest(text, bytes) == token;
    boolean right = longest ? second : first;
    longest = first == second ? longest : second;
    return right;
  }

  /** The token that begins at a byte when the text is read; -1 where there is none. */
  private int asRead(int at) {
    int i = Arrays.binarySearch(starts, at);
    if (i < 0) {
      read(at);
      i = 0;
    }
    return i < starts.length ? read[i] : -1;
  }

  private void read(int from) {
    int to = Math.min(text.length, from + WINDOW);
    int[] tokens = from < to ? texts.get().read(text, from, to) : new int[0];
    int whole = to < text.length ? tokens.length - tokens.length / 8 : tokens.length;
    read = Arrays.copyOf(tokens, whole); // the last ones may go on beyond the window
    starts = new int[whole];
    int at = from;
    int n = 0;
    while (n < whole && texts.get().length(read[n]) > 0 && texts.get().follows(text, at, read[n])) {
      starts[n] = at;
      at += texts.get().length(read[n++]);
    }
    starts = Arrays.copyOf(starts, n);
  }
}
