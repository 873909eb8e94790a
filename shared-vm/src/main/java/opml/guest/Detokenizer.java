package opml.guest;

/**
 * From tokens to the bytes of the answer. Special tokens have no bytes. A token may hold part of a
 * character, so a text that ends by length may end within one.
 */
public final class Detokenizer {
  /** The text has no room for the token, or the table is damaged. */
  public static final int FULL = -1;

  private Detokenizer() {}

  /** Whether the token ends an answer. */
  public static boolean stops(Memory m, int token) {
    int count = m.loadI32(Header.STOP_COUNT);
    boolean found = false;
    for (int i = 0; i < 8; i++) {
      Bounds.loop(8);
      found = found || i < count && m.loadI32(Header.STOPS + 4L * i) == token;
    }
    return found;
  }

  /**
   * Appends the bytes of a token, all or none.
   *
   * @param token 0 to vocabulary - 1
   * @param text address of the text
   * @param length bytes of text so far
   * @param capacity bytes of text that fit
   * @return the new length, or {@link #FULL}
   */
  public static int append(Memory m, long table, int token, long text, int length, int capacity) {
    long index = table + m.loadI32(table + TokenizerTable.AT_TEXT_INDEX) + 4L * token;
    int from = m.loadI32(index);
    int bytes = m.loadI32(index + 4) - from;
    if (bytes < 0 || bytes > TokenizerTable.MAX_TOKEN_BYTES || length + bytes > capacity) {
      return FULL;
    }
    long source = table + m.loadI32(table + TokenizerTable.AT_TEXT) + from;
    for (int i = 0; i < bytes; i++) {
      Bounds.loop(TokenizerTable.MAX_TOKEN_BYTES);
      m.storeI8(text + length + i, m.loadU8(source + i));
    }
    return length + bytes;
  }
}
