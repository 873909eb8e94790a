package opml.guest;

/**
 * UTF-8 as the Unicode standard defines it: shortest forms only, no surrogates, nothing above
 * U+10FFFF.
 */
final class Utf8 {
  private Utf8() {}

  /**
   * Bytes of the character at {@code at}, 1 to 4, or 0 when it is malformed or does not end by
   * {@code end}.
   */
  static int length(Memory m, long at, long end) {
    int first = m.loadU8(at);
    if (first < 0x80) {
      return 1;
    }
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + length > end) {
      return 0;
    }
    int second = m.loadU8(at + 1);
    int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    if (length > 2 && (m.loadU8(at + 2) & 0xc0) != 0x80) {
      return 0;
    }
    return length > 3 && (m.loadU8(at + 3) & 0xc0) != 0x80 ? 0 : length;
  }

  /** The character at {@code at} of well-formed text: bytes << 24 | code point. */
  static int decode(Memory m, long at) {
    int first = m.loadU8(at);
    if (first < 0x80) {
      return 1 << 24 | first;
    }
    int second = m.loadU8(at + 1) & 0x3f;
    if (first < 0xe0) {
      return 2 << 24 | (first & 0x1f) << 6 | second;
    }
    int third = m.loadU8(at + 2) & 0x3f;
    if (first < 0xf0) {
      return 3 << 24 | (first & 0xf) << 12 | second << 6 | third;
    }
    int fourth = m.loadU8(at + 3) & 0x3f;
    return 4 << 24 | (first & 7) << 18 | second << 12 | third << 6 | fourth;
  }
}
