package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells a file from what it was, or what was in its place, at another time.
 *
 * @param key which file it is, where the file system knows; else null
 */
record Revision(Path file, long size, FileTime modified, Object key) {
  /** The file as it is now; taken before it is opened. */
  static Revision of(Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    if (!found.isRegularFile()) {
      throw new IOException(file + " is no regular file: name a model file");
    }
    return new Revision(
        file.toAbsolutePath(), found.size(), found.lastModifiedTime(), found.fileKey());
  }

  /** Refuses what was read of a file that is another one by now. */
  void check() throws IOException {
    try {
      if (equals(of(file))) {
        return;
      }
    } catch (NoSuchFileException e) {
      // moved away or deleted: changed
    }
    throw new IOException(
        file + " changed while it was imported: import it again when nothing writes to it");
  }
}
