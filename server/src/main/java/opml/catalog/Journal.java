package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How far an import came, so that one that was killed is not begun again: a line that names source
 * and layout, and the number of matrices that are on disk.
 */
final class Journal {
  private final Path file;
  private final Path source;
  private String identity;

  /**
   * The journal of an import.
   *
   * @param file where it is kept
   * @param source the model file that is imported
   */
  Journal(Path file, Path source) {
    this.file = file;
    this.source = source;
  }

  /** Matrices that an earlier import of the same file to the same layout has written. */
  int begin(byte[]... layout) throws IOException {
    FileTime time = Files.getLastModifiedTime(source);
    identity =
        source.toAbsolutePath() + " " + Files.size(source) + " " + time + " " + digest(layout);
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() == 2
          && lines.getFirst().equals(identity)
          && lines.get(1).matches("\\d{1,9}")) {
        return Integer.parseInt(lines.get(1));
      }
    }
    done(0);
    return 0;
  }

  /** So many matrices are on disk. */
  void done(int matrices) throws IOException {
    Files.writeString(file, identity + "\n" + matrices + "\n");
  }

  private static String digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
