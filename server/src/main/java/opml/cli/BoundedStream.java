package opml.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of somebody else's that is an error behind so many bytes. */
final class BoundedStream extends FilterInputStream {
  private final long most;
  private final String name;
  private long read;

  /**
   * @param most bytes that may come
   * @param name of what sends them, for the error
   */
  BoundedStream(InputStream in, long most, String name) {
    super(in);
    this.most = most;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    int octet = in.read();
    count(octet < 0 ? 0 : 1);
    return octet;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    int count = in.read(to, from, length);
    count(Math.max(0, count));
    return count;
  }

  private void count(int bytes) throws IOException {
    read += bytes;
    if (read > most) {
      throw new IOException(
          name + " sends more than the " + most + " bytes that it may: check --server");
    }
  }
}
