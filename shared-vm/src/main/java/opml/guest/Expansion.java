package opml.guest;

/**
 * The start of the prompt's expansion: the request's body becomes one text of UTF-8 and markers of
 * special tokens.
 */
final class Expansion {
  private static final int BODY = 32;

  private Expansion() {}

  /** The byte of INPUT at an offset. */
  static long input(int offset) {
    return Wire.INPUT + offset;
  }

  static void start(Memory m, long table, long area) {
    int kind = m.loadI32(Wire.KIND);
    int length = m.loadI32(Wire.BODY_LENGTH);
    boolean chat = kind == Wire.CHAT;
    if ((kind != Wire.RAW && !chat) || length < 1 || length > Wire.MAX_BODY) {
      fail(m, area, Tokenizer.BAD_REQUEST);
    } else if (chat && m.loadI32(table + TokenizerTable.AT_CHAT) != 1) {
      fail(m, area, Tokenizer.BAD_REQUEST);
    } else {
      m.storeI32(area + TokenizerState.CURSOR, BODY);
      m.storeI32(area + TokenizerState.END, BODY + length);
      m.storeI32(area + TokenizerState.MATCH_TOKEN, -1);
      m.storeI32(area + TokenizerState.RUN, -1);
      say(
          m,
          table,
          area,
          chat ? TokenizerTable.LITERAL_CHAT : TokenizerTable.LITERAL_RAW,
          chat ? Tokenizer.MESSAGE : Tokenizer.RAW);
    }
  }

  /** Ends the work with an error. */
  static void fail(Memory m, long area, int result) {
    m.storeI32(area + TokenizerState.RESULT, result);
  }

  /** Lets the next turns copy a literal of the table, then go on with {@code phase}. */
  static void say(Memory m, long table, long area, int literal, int phase) {
    long entry = table + TokenizerTable.AT_LITERALS + 8L * literal;
    m.storeI32(area + TokenizerState.LITERAL, m.loadI32(entry));
    m.storeI32(area + TokenizerState.LITERAL_LEFT, m.loadI32(entry + 4));
    m.storeI32(area + TokenizerState.AFTER_LITERAL, phase);
    m.storeI32(area + TokenizerState.PHASE, Tokenizer.LITERAL);
  }

  static void literal(Memory m, long table, long area) {
    int left = m.loadI32(area + TokenizerState.LITERAL_LEFT);
    if (left == 0) {
      m.storeI32(area + TokenizerState.PHASE, m.loadI32(area + TokenizerState.AFTER_LITERAL));
    } else {
      int at = m.loadI32(area + TokenizerState.LITERAL);
      append(m, area, table + at, 1);
      m.storeI32(area + TokenizerState.LITERAL, at + 1);
      m.storeI32(area + TokenizerState.LITERAL_LEFT, left - 1);
    }
  }

  /**
   * Appends 1 to 4 bytes to the text; a text that overflows its buffer has more tokens than any
   * context.
   */
  static void append(Memory m, long area, long from, int bytes) {
    int length = m.loadI32(area + TokenizerState.TEXT_LENGTH);
    if (length + 4 > TokenizerState.TEXT_CAPACITY) {
      fail(m, area, Tokenizer.PROMPT_TOO_LONG);
    } else {
      long to = area + TokenizerState.TEXT + length;
      for (int i = 0; i < bytes; i++) {
        Bounds.loop(4);
        m.storeI8(to + i, m.loadU8(from + i));
      }
      m.storeI32(area + TokenizerState.TEXT_LENGTH, length + bytes);
    }
  }

  /** Appends the marker of a special token. */
  static void mark(Memory m, long area, int token) {
    int length = m.loadI32(area + TokenizerState.TEXT_LENGTH);
    if (length + 4 > TokenizerState.TEXT_CAPACITY) {
      fail(m, area, Tokenizer.PROMPT_TOO_LONG);
    } else {
      long to = area + TokenizerState.TEXT + length;
      m.storeI8(to, TokenizerTable.MARKER);
      m.storeI8(to + 1, token);
      m.storeI8(to + 2, token >> 8);
      m.storeI8(to + 3, token >> 16);
      m.storeI32(area + TokenizerState.TEXT_LENGTH, length + 4);
    }
  }
}
