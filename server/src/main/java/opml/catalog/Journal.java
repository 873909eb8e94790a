package opml.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * How far an import came, so that one that was killed is not begun again: a line that stands for
 * program, source and layout, and the number of matrices that are on disk. A kill leaves the line
 * before or the new one.
 */
final class Journal {
  /** Of what imports write; another program's work is not continued. Add one with every change. */
  private static final int FORMAT = 1;

  private final Path file;
  private final Revision source;
  private String identity;

  /**
   * The journal of an import.
   *
   * @param file where it is kept
   * @param source the model file that is imported
   */
  Journal(Path file, Revision source) {
    this.file = file;
    this.source = source;
  }

  /** Matrices that an earlier import of the same file to the same layout has written. */
  int begin(byte[]... layout) throws IOException {
    identity = digest(layout);
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
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
    byte[] lines = (identity + "\n" + matrices + "\n").getBytes(StandardCharsets.US_ASCII);
    try (ImageFile out = new ImageFile(fresh, 0, lines.length)) {
      out.put(lines, 0);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String digest(byte[]... layout) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((FORMAT + " " + source).getBytes(StandardCharsets.UTF_8));
      for (byte[] part : layout) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
