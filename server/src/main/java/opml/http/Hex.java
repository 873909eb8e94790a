package opml.http;

import java.util.HexFormat;

/** Bytes on the wire: 0x and lower case. */
public final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  /** 0x…, or null of null. */
  public static String of(byte[] bytes) {
    return bytes == null ? null : "0x" + FORMAT.formatHex(bytes);
  }

  /** Reads 32 bytes; {@code name} is the parameter for the error. */
  public static byte[] hash(String name, String text) {
    if (text == null || !text.matches("0x[0-9a-f]{64}")) {
      String detail = name + " must be 0x and 64 lower-case hexadecimal digits.";
      throw new Problem(400, "malformed-hash", "Malformed hash", detail, name);
    }
    return FORMAT.parseHex(text, 2, text.length());
  }

  /** Reads bytes written by {@link #of}. */
  public static byte[] bytes(String text) {
    return FORMAT.parseHex(text, text.startsWith("0x") ? 2 : 0, text.length());
  }
}
