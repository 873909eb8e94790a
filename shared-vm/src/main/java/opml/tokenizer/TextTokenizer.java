package opml.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import opml.guest.Tokenizer;
import opml.guest.TokenizerState;
import opml.guest.TokenizerTable;
import opml.guest.Wire;

/** Tokenizes texts of any length with the guest's tokenizer, outside a request. Not thread-safe. */
public final class TextTokenizer {
  private static final int HEADER = (int) (Wire.BODY - Wire.INPUT);
  private static final int TOKENS = TokenizerState.BYTES;
  private static final int CAPACITY = Wire.MAX_BODY;
  private static final int ROOM = CAPACITY + 1; // a token a byte, and a space in front
  private static final long TABLE = 3L << 40;

  /** Less than a body: the search for a boundary goes back from here. */
  private static final int CHUNK = 30_000;

  private final byte[] input = new byte[1 << 15];
  private final TextMemory memory;

  /**
   * Uses a section.
   *
   * @param section as {@link TokenizerSection#build} makes it; copied
   * @param special whether special tokens written in a text count as such
   */
  public TextTokenizer(byte[] section, boolean special) {
    byte[] table = section.clone();
    Arrays.fill(table, TokenizerTable.AT_LITERALS, TokenizerTable.AT_LITERALS + 8, (byte) 0);
    memory = new TextMemory(input, table, TOKENS + 4 * ROOM);
    if (!special) {
      int columns = memory.loadI32(TABLE + TokenizerTable.AT_TRIE_COLUMNS);
      Arrays.fill(table, columns, columns + 256, (byte) 0);
    }
  }

  /**
   * Token ids of a text; none is added. A surrogate that is not part of a pair becomes a question
   * mark.
   *
   * @throws IllegalArgumentException when it holds a stretch without spaces that does not fit into
   *     a request
   */
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[0];
    int start = 0;
    while (start < bytes.length) {
      int end = bytes.length - start > CAPACITY ? boundary(bytes, start) : bytes.length;
      int count = Math.max(0, run(bytes, start, end));
      int size = tokens.length;
      tokens = Arrays.copyOf(tokens, size + count);
      for (int i = 0; i < count; i++) {
        tokens[size + i] = memory.loadI32(TOKENS + 4L * i);
      }
      start = end;
      if (start < bytes.length && memory.loadI32(TABLE + TokenizerTable.AT_PREFIX) >= 0) {
        start++; // the tokenizer itself puts a space in front of the next piece
      }
    }
    return tokens;
  }

  /** A place where every word ends: before a space that follows a visible ASCII character. */
  private static int boundary(byte[] bytes, int start) {
    for (int i = start + CHUNK; i > start + 1; i--) {
      if (bytes[i] == ' ' && bytes[i - 1] > ' ' && bytes[i - 1] < 0x7f) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "no space in " + CHUNK + " bytes from byte " + start + " of the text; break it there");
  }

  /** Number of tokens, or BAD_REQUEST when no byte of the text has a token. */
  private int run(byte[] utf8, int start, int end) {
    for (int i = 0; i < 4; i++) {
      input[(int) (Wire.BODY_LENGTH - Wire.INPUT) + i] = (byte) (end - start >> 8 * i);
    }
    System.arraycopy(utf8, start, input, HEADER, end - start);
    int result = Tokenizer.RUNNING;
    try {
      while (result == Tokenizer.RUNNING) {
        result = Tokenizer.step(memory, TABLE, 0, TOKENS, ROOM);
      }
      return result;
    } finally {
      if (result <= 0) { // it stopped in the middle, by a fault of a damaged section for example
        memory.forget();
      }
    }
  }
}
