package opml.guest;

/**
 * The pre-tokenizer: markers and digits stand alone, and what lies between them is cut by {@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}, one character per
 * turn. A piece ends at a marker, a digit or the end of the text: there the look-ahead sees
 * nothing.
 */
final class Words {
  static final int NONE = -1;

  private Words() {}

  /** One turn: the class of one character decides whether the word goes on. */
  static void split(Memory m, long table, long area, long tokens, int context) {
    int start = m.loadI32(area + TokenizerState.WORD);
    int position = m.loadI32(area + TokenizerState.POSITION);
    int run = m.loadI32(area + TokenizerState.RUN);
    int style = m.loadI32(table + TokenizerTable.AT_STYLE);
    int kind = NONE;
    int bytes = 0;
    if (position < m.loadI32(area + TokenizerState.TEXT_LENGTH)) {
      long at = area + TokenizerState.TEXT + position;
      if (m.loadU8(at) != TokenizerTable.MARKER) {
        int character = Utf8.decode(m, at);
        bytes = character >>> 24;
        kind =
            style == TokenizerTable.STYLE_SENTENCE
                ? TokenizerTable.CLASS_LETTER
                : classOf(m, table, character & 0xffffff);
      } else if (run == NONE) {
        special(m, area, tokens, context, position);
        return;
      }
    }
    if (run == NONE && kind == NONE) {
      m.storeI32(area + TokenizerState.INDEX, 0);
      m.storeI32(area + TokenizerState.PHASE, Tokenizer.CLEAR);
    } else if (kind == run && style != TokenizerTable.STYLE_CASELESS) {
      m.storeI32(area + TokenizerState.LAST, position);
      m.storeI32(area + TokenizerState.POSITION, position + bytes);
    } else if (style == TokenizerTable.STYLE_CASELESS) {
      CaselessWords.turn(m, table, area, position, run, kind, bytes);
    } else if (run != NONE) {
      boolean edge = kind == NONE || kind == TokenizerTable.CLASS_DIGIT;
      int last = m.loadI32(area + TokenizerState.LAST);
      boolean givesBack = run == TokenizerTable.CLASS_SPACE && !edge && last > start;
      int more = style == TokenizerTable.STYLE_SENTENCE ? 1 : 0;
      found(m, area, givesBack ? last : position, more);
    } else if (style == TokenizerTable.STYLE_SENTENCE) {
      m.storeI32(area + TokenizerState.RUN, kind);
      m.storeI32(area + TokenizerState.POSITION, position + bytes);
    } else {
      first(m, table, area, position, kind, bytes);
    }
  }

  private static void special(Memory m, long area, long tokens, int context, int position) {
    long at = area + TokenizerState.TEXT + position;
    Merges.emitToken(
        m,
        area,
        tokens,
        context,
        m.loadU8(at + 1) | m.loadU8(at + 2) << 8 | m.loadU8(at + 3) << 16);
    m.storeI32(area + TokenizerState.WORD, position + 4);
    m.storeI32(area + TokenizerState.POSITION, position + 4);
  }

  /** The first character of a word, a space in front of it included. */
  private static void first(Memory m, long table, long area, int position, int kind, int bytes) {
    long at = area + TokenizerState.TEXT + position;
    int end = m.loadI32(area + TokenizerState.TEXT_LENGTH);
    int octet = m.loadU8(at);
    int contraction = octet == '\'' ? contraction(m, at, end - position, 0) : 0;
    if (kind == TokenizerTable.CLASS_DIGIT) {
      found(m, area, position + bytes, 0);
    } else if (contraction > 0) {
      found(m, area, position + contraction, 0);
    } else {
      int run = kind;
      int length = bytes;
      if (octet == ' ' && position + 1 < end && m.loadU8(at + 1) != TokenizerTable.MARKER) {
        int character = Utf8.decode(m, at + 1);
        int second = classOf(m, table, character & 0xffffff);
        if (second < TokenizerTable.CLASS_SPACE) {
          run = second;
          length = 1 + (character >>> 24);
        }
      }
      m.storeI32(area + TokenizerState.RUN, run);
      m.storeI32(area + TokenizerState.LAST, position);
      m.storeI32(area + TokenizerState.POSITION, position + length);
    }
  }

  /**
   * Bytes of the contraction that starts with the apostrophe at {@code at}, or 0.
   *
   * @param fold 0x20: upper case too, else 0
   */
  static int contraction(Memory m, long at, int left, int fold) {
    int second = left > 1 ? m.loadU8(at + 1) | fold : 0;
    int third = left > 2 ? m.loadU8(at + 2) | fold : 0;
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return 2;
    }
    boolean two = (second == 'r' || second == 'v') && third == 'e' || second == 'l' && third == 'l';
    return two ? 3 : 0;
  }

  static void found(Memory m, long area, int end, int more) {
    m.storeI32(area + TokenizerState.WORD_END, end);
    m.storeI32(area + TokenizerState.RUN, NONE);
    Merges.start(m, area, end, more);
  }

  static int classOf(Memory m, long table, int character) {
    int block =
        m.loadU8(table + m.loadI32(table + TokenizerTable.AT_CLASS_INDEX) + (character >> 7));
    long blocks = table + m.loadI32(table + TokenizerTable.AT_CLASS_BLOCKS);
    return m.loadU8(blocks + (block << 7) + (character & 127));
  }
}
