package opml.request;

final class LittleEndian {
  private LittleEndian() {}

  static void put(byte[] out, int at, int value) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >>> 8 * i);
    }
  }

  static int get(byte[] in, int at) {
    return in[at] & 255 | (in[at + 1] & 255) << 8 | (in[at + 2] & 255) << 16 | in[at + 3] << 24;
  }
}
