package opml.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets one import at a time write under a name, of all processes. Its empty file stays: whoever
 * deletes a locked file lets two others lock two files of one name.
 */
final class ImportLock implements AutoCloseable {
  /** This process's own: by POSIX, closing a file once gives up all locks a process has on it. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private ImportLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The lock of a name in the folder of models, which is made if it is not there. */
  static ImportLock take(Path models, String name) throws IOException {
    Path file = Files.createDirectories(models).toRealPath().resolve(".lock-" + name);
    if (!HELD.add(file)) {
      throw taken(name);
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw taken(name);
      }
      return new ImportLock(file, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      HELD.remove(file);
      throw e;
    }
  }

  private static IOException taken(String name) {
    return new IOException(
        "model "
            + name
            + " is being imported already: wait until that ends, or choose another name");
  }

  @Override
  public void close() throws IOException {
    channel.close(); // and with it the lock
    HELD.remove(file);
  }
}
