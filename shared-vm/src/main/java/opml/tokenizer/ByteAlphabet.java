package opml.tokenizer;

/**
 * The characters that byte-level vocabularies write for bytes: printable Latin-1 characters stand
 * for themselves, the other 68 bytes, in order, for U+0100 onwards.
 */
final class ByteAlphabet {
  private static final int FIRST_OTHER = 0x100;
  private static final char[] CHARACTERS = new char[256];
  private static final int[] OCTETS = new int[FIRST_OTHER + 68];

  static {
    int other = FIRST_OTHER;
    java.util.Arrays.fill(OCTETS, -1);
    for (int i = 0; i < 256; i++) {
      boolean printable = i > 0x20 && i < 0x7f || i > 0xa0 && i != 0xad;
      CHARACTERS[i] = (char) (printable ? i : other++);
      OCTETS[CHARACTERS[i]] = i;
    }
  }

  private ByteAlphabet() {}

  static char character(int octet) {
    return CHARACTERS[octet];
  }

  /** Bytes of a token, or null when it has a character that stands for no byte. */
  static byte[] decode(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char character = token.charAt(i);
      if (character >= OCTETS.length || OCTETS[character] < 0) {
        return null;
      }
      bytes[i] = (byte) OCTETS[character];
    }
    return bytes;
  }

  /** What a byte string looks like in a vocabulary. */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte octet : bytes) {
      text.append(character(octet & 255));
    }
    return text.toString();
  }
}
