package opml.guest;

/**
 * A raw body: special tokens written in it are found (leftmost, then longest), all else is copied
 * character by character.
 */
final class RawText {
  private RawText() {}

  /**
   * One turn: a step of the walk through the trie, or, where the walk ends, a marker or one
   * character.
   */
  static void read(Memory m, long table, long area) {
    int cursor = m.loadI32(area + TokenizerState.CURSOR);
    int end = m.loadI32(area + TokenizerState.END);
    int depth = m.loadI32(area + TokenizerState.DEPTH);
    int node = 0;
    if (cursor + depth < end) {
      node =
          next(
              m,
              table,
              table + TokenizerTable.AT_TRIE_COLUMNS,
              m.loadI32(area + TokenizerState.NODE),
              m.loadU8(Expansion.input(cursor + depth)));
    }
    if (node != 0) {
      depth++;
      m.storeI32(area + TokenizerState.NODE, node);
      m.storeI32(area + TokenizerState.DEPTH, depth);
      int token = m.loadI32(table + m.loadI32(table + TokenizerTable.AT_TRIE_TOKENS) + 4L * node);
      if (token >= 0) {
        m.storeI32(area + TokenizerState.MATCH_TOKEN, token);
        m.storeI32(area + TokenizerState.MATCH_LENGTH, depth);
      }
    } else if (cursor == end) {
      m.storeI32(area + TokenizerState.PHASE, Tokenizer.SPLIT);
    } else {
      take(m, area, cursor, end);
    }
  }

  /** The node after a byte in the trie whose four fields begin at {@code trie}, 0 for none. */
  static int next(Memory m, long table, long trie, int node, int octet) {
    int column = m.loadU8(table + m.loadI32(trie) + octet);
    int width = m.loadI32(trie + 8);
    if (column == 0) {
      return 0;
    }
    return m.loadU16(table + m.loadI32(trie + 4) + 2L * (node * width + column));
  }

  private static void take(Memory m, long area, int cursor, int end) {
    int token = m.loadI32(area + TokenizerState.MATCH_TOKEN);
    int length = m.loadI32(area + TokenizerState.MATCH_LENGTH);
    if (token >= 0) {
      Expansion.mark(m, area, token);
    } else {
      length = Utf8.length(m, Expansion.input(cursor), Expansion.input(end));
      if (length == 0) {
        Expansion.fail(m, area, Tokenizer.BAD_REQUEST);
      }
      Expansion.append(m, area, Expansion.input(cursor), length);
    }
    m.storeI32(area + TokenizerState.CURSOR, cursor + length);
    m.storeI32(area + TokenizerState.NODE, 0);
    m.storeI32(area + TokenizerState.DEPTH, 0);
    m.storeI32(area + TokenizerState.MATCH_TOKEN, -1);
    m.storeI32(area + TokenizerState.MATCH_LENGTH, 0);
  }
}
