package opml.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How far an import came, so that one that was killed is not begun again: a line that names source
 * and layout, and the number of matrices that are on disk. A kill leaves the line before or the new
 * one.
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
    // the first words: weights without their nodes were journalled before
    identity =
        "weights and nodes: "
            + source.toAbsolutePath()
            + " "
            + Files.size(source)
            + " "
            + time
            + " "
            + digest(layout);
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

  /** So many matrices and the nodes of their whole pages are on disk. */
  void done(int matrices) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, identity + "\n" + matrices + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
