package opml.http;

import io.netty.buffer.ByteBuf;

/**
 * Follows the sizes of chunks in the bytes of a body. Netty keeps them in 32 bits: of 2^32 + 2
 * bytes it reads two, and takes the others for the next request.
 */
final class ChunkSizes {
  private enum At {
    SIZE,
    BLANK,
    EXTENSION,
    DATA,
    DELIMITER,
    TRAILER
  }

  private At at = At.SIZE;
  private boolean isBegun;
  private long size;

  /** Whether the next bytes of the body, up to {@code end}, are read alike by everybody. */
  boolean arePlain(ByteBuf in, int begin, int end) {
    for (int i = begin; i < end && at != At.TRAILER; i++) {
      if (at == At.DATA) {
        int read = (int) Math.min(size, end - i);
        size -= read;
        i += read - 1;
        at = size == 0 ? At.DELIMITER : At.DATA;
      } else if (!isPlain(in.getByte(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isPlain(byte next) {
    if (next == '\n') {
      isBegun = at != At.DELIMITER;
      at = !isBegun ? At.SIZE : size == 0 ? At.TRAILER : At.DATA;
      return true;
    }
    int digit = Character.digit(next, 16);
    if (at == At.SIZE && digit >= 0) {
      isBegun = true; // until the line ends behind the data
      size = size << 4 | digit;
      return size <= Integer.MAX_VALUE;
    }
    if (at == At.SIZE || at == At.BLANK) {
      boolean blank = next == ' ' || next == '\t';
      at = blank ? At.BLANK : At.EXTENSION;
      return isBegun && (blank || next == ';' || next == '\r');
    }
    return true;
  }
}
