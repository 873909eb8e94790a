package opml.browser;

import org.teavm.interop.Address;

/** Copies between linear memory, which JavaScript sees, and Java arrays. */
final class Linear {
  private Linear() {}

  static byte[] read(int at, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = Address.fromInt(at + i).getByte();
    }
    return out;
  }

  static void write(byte[] data, int at) {
    for (int i = 0; i < data.length; i++) {
      Address.fromInt(at + i).putByte(data[i]);
    }
  }

  /** Writes at most {@code limit} characters and returns how many. */
  static int ascii(String text, int at, int limit) {
    int n = Math.min(limit, text.length());
    for (int i = 0; i < n; i++) {
      Address.fromInt(at + i).putByte((byte) text.charAt(i));
    }
    return n;
  }
}
