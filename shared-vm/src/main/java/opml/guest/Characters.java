package opml.guest;

/** The first symbols of a SentencePiece text: characters, and bytes where one has no token. */
final class Characters {
  private Characters() {}

  /** One turn: the token in front of the text, or one character. */
  static void load(Memory m, long table, long area, int position, int symbols) {
    int prefix = m.loadI32(table + TokenizerTable.AT_PREFIX);
    boolean front =
        symbols == 0 && position == m.loadI32(area + TokenizerState.WORD) && prefix >= 0;
    long at = area + TokenizerState.TEXT + position;
    int character = Utf8.decode(m, at);
    int length = front ? 0 : character >>> 24;
    int id = front ? prefix : token(m, table, character & 0xffffff);
    long bytes = table + m.loadI32(table + TokenizerTable.AT_BYTES);
    int left = id >= 0 ? 1 : length;
    for (int i = 0; i < left; i++) {
      Bounds.loop(4);
      int symbol = id >= 0 ? id : m.loadI32(bytes + 4L * m.loadU8(at + i));
      if (symbol >= 0) {
        Merges.push(m, table, area, symbol);
      }
    }
    m.storeI32(area + TokenizerState.POSITION, position + length);
  }

  private static int token(Memory m, long table, int character) {
    long index = table + m.loadI32(table + TokenizerTable.AT_CHARACTER_INDEX);
    int block = m.loadU16(index + 2L * (character >> 7));
    long blocks = table + m.loadI32(table + TokenizerTable.AT_CHARACTERS);
    return m.loadI32(blocks + 4L * ((block << 7) + (character & 127)));
  }
}
