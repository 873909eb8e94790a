package opml.guest;

/**
 * A conversation: each message between the literals of its role, the model's own system message in
 * front when the first is not one, and the opening of the answer at the end. Special tokens written
 * in contents stay plain text.
 */
final class ChatTemplate {
  private static final int SYSTEM = 0;
  private static final int ROLES = 3;
  private static final int RECORD = 5;

  private ChatTemplate() {}

  /** One turn: the head of the next message. */
  static void message(Memory m, long table, long area) {
    int cursor = m.loadI32(area + TokenizerState.CURSOR);
    int end = m.loadI32(area + TokenizerState.END);
    int messages = m.loadI32(area + TokenizerState.MESSAGES);
    m.storeI32(area + TokenizerState.MESSAGES, 1);
    if (cursor == end) {
      Expansion.say(m, table, area, TokenizerTable.LITERAL_ANSWER, Tokenizer.SPLIT);
    } else if (messages == 0 && m.loadU8(Expansion.input(cursor)) != SYSTEM) {
      Expansion.say(m, table, area, TokenizerTable.LITERAL_SYSTEM, Tokenizer.MESSAGE);
    } else {
      open(m, table, area, cursor, end);
    }
  }

  private static void open(Memory m, long table, long area, int cursor, int end) {
    int role = m.loadU8(Expansion.input(cursor));
    int left = end - cursor - RECORD;
    int length = left < 0 ? -1 : word(m, cursor + 1);
    if (role >= ROLES || length < 0 || length > left) {
      Expansion.fail(m, area, Tokenizer.BAD_REQUEST);
    } else {
      m.storeI32(area + TokenizerState.CURSOR, cursor + RECORD);
      m.storeI32(area + TokenizerState.CONTENT_END, cursor + RECORD + length);
      m.storeI32(area + TokenizerState.TRIMMED_END, cursor + RECORD + length);
      m.storeI32(area + TokenizerState.ROLE, role);
      m.storeI32(area + TokenizerState.DEPTH, 0);
      Expansion.say(m, table, area, TokenizerTable.LITERAL_OPEN + role, Tokenizer.CONTENT);
    }
  }

  private static int word(Memory m, int offset) {
    long at = Expansion.input(offset);
    return m.loadU8(at) | m.loadU8(at + 1) << 8 | m.loadU8(at + 2) << 16 | m.loadU8(at + 3) << 24;
  }

  /** One turn: one character of the content, or of the white space around it. */
  static void content(Memory m, long table, long area) {
    int cursor = m.loadI32(area + TokenizerState.CURSOR);
    int end = m.loadI32(area + TokenizerState.TRIMMED_END);
    boolean trim = cursor < end && m.loadI32(table + TokenizerTable.AT_TRIM) != 0;
    if (cursor == end) {
      int role = m.loadI32(area + TokenizerState.ROLE);
      m.storeI32(area + TokenizerState.CURSOR, m.loadI32(area + TokenizerState.CONTENT_END));
      Expansion.say(m, table, area, TokenizerTable.LITERAL_CLOSE + role, Tokenizer.MESSAGE);
    } else if (trim && blank(m, end - 1)) {
      m.storeI32(area + TokenizerState.TRIMMED_END, end - 1);
    } else if (trim && m.loadI32(area + TokenizerState.DEPTH) == 0 && blank(m, cursor)) {
      m.storeI32(area + TokenizerState.CURSOR, cursor + 1);
    } else {
      int length = Utf8.length(m, Expansion.input(cursor), Expansion.input(end));
      if (length == 0) {
        Expansion.fail(m, area, Tokenizer.BAD_REQUEST);
      }
      Expansion.append(m, area, Expansion.input(cursor), length);
      m.storeI32(area + TokenizerState.CURSOR, cursor + length);
      m.storeI32(area + TokenizerState.DEPTH, 1);
    }
  }

  private static boolean blank(Memory m, int offset) {
    int octet = m.loadU8(Expansion.input(offset));
    return octet == ' ' || octet > 8 && octet < 14;
  }
}
