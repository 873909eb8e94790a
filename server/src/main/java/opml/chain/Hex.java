package opml.chain;

import java.util.HexFormat;

/** Hex as the chain writes it: 0x and lower case. */
public final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  public static String of(byte[] bytes) {
    return "0x" + FORMAT.formatHex(bytes);
  }

  /** The bytes of a hex string with or without 0x. */
  public static byte[] bytes(String hex) {
    return FORMAT.parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
  }

  /** First eight digits and an ellipsis, for people. */
  public static String brief(byte[] bytes) {
    return of(bytes).substring(0, Math.min(10, 2 + 2 * bytes.length)) + "…";
  }
}
