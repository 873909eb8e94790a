package opml.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that options name. */
final class TextFile {
  private TextFile() {}

  /**
   * Reads a UTF-8 text.
   *
   * @param option that names the file, for errors
   */
  static String read(Path file, String option) throws IOException {
    return read(file, option, Integer.MAX_VALUE - 8);
  }

  /**
   * Reads a UTF-8 text.
   *
   * @param most bytes that it may have
   */
  static String read(Path file, String option, int most) throws IOException {
    if (file.toString().isEmpty()) {
      throw new IllegalArgumentException(option + " is empty: name a file");
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(option + ": " + file + " is a folder: name a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new IllegalArgumentException(
            option + ": " + file + " is longer than the " + most + " bytes that fit: shorten it");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(option + ": " + file + " is not UTF-8: convert it", e);
    } catch (FileSystemException e) {
      throw e; // names the file
    } catch (IOException e) {
      throw new IOException(option + ": " + file + " can't be read: " + e.getMessage(), e);
    }
  }
}
