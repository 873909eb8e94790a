package opml.guest;

/**
 * The pre-tokenizer of Llama 3 and Qwen 2: what lies between markers is cut by {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}, n from the table, one character per turn. The
 * look-ahead sees nothing at a marker.
 */
final class CaselessWords {
  /** Run of the CR and LF that follow other characters. */
  private static final int TAIL = 6;

  private CaselessWords() {}

  /** One turn; {@code kind} is the class of the character at {@code position}, NONE at an edge. */
  static void turn(Memory m, long table, long area, int position, int run, int kind, int bytes) {
    if (run == Words.NONE) {
      first(m, table, area, position, kind, bytes);
    } else if (run == TokenizerTable.CLASS_SPACE) {
      space(m, area, position, kind, bytes);
    } else if (run == TokenizerTable.CLASS_NUMBER) {
      int count = m.loadI32(area + TokenizerState.LAST);
      if (kind == run && count < m.loadI32(table + TokenizerTable.AT_DIGITS)) {
        go(m, area, run, count + 1, position + bytes);
      } else {
        Words.found(m, area, position, 0);
      }
    } else if (kind == run) {
      m.storeI32(area + TokenizerState.POSITION, position + bytes);
    } else if (kind == TokenizerTable.CLASS_NEWLINE && run != TokenizerTable.CLASS_LETTER) {
      go(m, area, TAIL, position, position + bytes);
    } else {
      Words.found(m, area, position, 0);
    }
  }

  private static void first(Memory m, long table, long area, int position, int kind, int bytes) {
    long at = area + TokenizerState.TEXT + position;
    int end = m.loadI32(area + TokenizerState.TEXT_LENGTH);
    int octet = m.loadU8(at);
    int contraction = octet == '\'' ? Words.contraction(m, at, end - position, 0x20) : 0;
    if (contraction > 0) {
      Words.found(m, area, position + contraction, 0);
    } else if (kind == TokenizerTable.CLASS_LETTER) {
      go(m, area, kind, position, position + bytes);
    } else if (kind == TokenizerTable.CLASS_NUMBER) {
      go(m, area, kind, 1, position + bytes);
    } else {
      int second = Words.NONE;
      int length = 0;
      if (kind != TokenizerTable.CLASS_NEWLINE
          && position + bytes < end
          && m.loadU8(at + bytes) != TokenizerTable.MARKER) {
        int character = Utf8.decode(m, at + bytes);
        second = Words.classOf(m, table, character & 0xffffff);
        length = character >>> 24;
      }
      boolean joins =
          second == TokenizerTable.CLASS_LETTER
              || octet == ' ' && second == TokenizerTable.CLASS_OTHER;
      if (joins) {
        go(m, area, second, position, position + bytes + length);
      } else if (kind == TokenizerTable.CLASS_OTHER) {
        go(m, area, kind, position, position + bytes);
      } else {
        boolean newline = kind == TokenizerTable.CLASS_NEWLINE;
        m.storeI32(area + TokenizerState.NEWLINE_END, newline ? position + bytes : 0);
        go(m, area, TokenizerTable.CLASS_SPACE, position, position + bytes);
      }
    }
  }

  /** A run of white space: it ends with its last CR or LF, else before its last character. */
  private static void space(Memory m, long area, int position, int kind, int bytes) {
    int last = m.loadI32(area + TokenizerState.LAST);
    int newline = m.loadI32(area + TokenizerState.NEWLINE_END);
    if (kind == TokenizerTable.CLASS_NEWLINE) {
      m.storeI32(area + TokenizerState.NEWLINE_END, position + bytes);
      go(m, area, TokenizerTable.CLASS_SPACE, position, position + bytes);
    } else if (kind == TokenizerTable.CLASS_SPACE) {
      go(m, area, kind, position, position + bytes);
    } else if (newline > 0) {
      Words.found(m, area, newline, 0);
    } else {
      boolean back = kind != Words.NONE && last > m.loadI32(area + TokenizerState.WORD);
      Words.found(m, area, back ? last : position, 0);
    }
  }

  private static void go(Memory m, long area, int run, int last, int position) {
    m.storeI32(area + TokenizerState.RUN, run);
    m.storeI32(area + TokenizerState.LAST, last);
    m.storeI32(area + TokenizerState.POSITION, position);
  }
}
