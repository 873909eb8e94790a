package opml.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of a model while it is written: zero where nothing was. Calls of write cost half of what
 * faults of a mapping cost, and a full disk is an exception instead of a signal.
 */
final class ImageFile implements Plane.Output, AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final long size;

  /**
   * Opens or creates it.
   *
   * @param kept bytes of an earlier import that stay
   */
  ImageFile(Path path, long kept, long size) throws IOException {
    this.path = path;
    this.size = size;
    this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(kept);
      long missing = size - channel.size();
      long free = Files.getFileStore(path).getUsableSpace();
      if (missing > free) {
        throw new IOException(
            path
                + " needs "
                + missing
                + " more bytes and its disk has "
                + free
                + ": make room, or set OPML_HOME to a folder of another disk");
      }
      if (missing > 0) {
        put(new byte[1], size - 1);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  long size() {
    return size;
  }

  @Override
  public void put(byte[] bytes, int n, long at) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, 0, n);
    try {
      while (left.hasRemaining()) {
        channel.write(left, at + left.position());
      }
    } catch (IOException e) {
      throw named(e);
    }
  }

  void put(byte[] bytes, long at) throws IOException {
    put(bytes, bytes.length, at);
  }

  void force() throws IOException {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw named(e);
    }
  }

  private IOException named(IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new IOException(path + " of " + size + " bytes cannot be written: " + reason, e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
