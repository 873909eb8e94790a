package opml.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of an image while it is written: zero where nothing was. Calls of write cost half of
 * what faults of a mapping cost, and a full disk is an exception instead of a signal.
 */
final class ImageFile implements Plane.Output, AutoCloseable {
  private final FileChannel channel;
  private final long size;

  /**
   * Opens or creates it.
   *
   * @param kept bytes of an earlier import that stay
   */
  ImageFile(Path path, long kept, long size) throws IOException {
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.size = size;
    channel.truncate(kept);
    if (kept < size) {
      put(new byte[1], size - 1);
    }
  }

  long size() {
    return size;
  }

  @Override
  public void put(byte[] bytes, int n, long at) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, 0, n);
    while (left.hasRemaining()) {
      channel.write(left, at + left.position());
    }
  }

  void put(byte[] bytes, long at) throws IOException {
    put(bytes, bytes.length, at);
  }

  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
