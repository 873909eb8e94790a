package opml.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file fetched by HTTP. What an earlier try brought is kept and gone on from (RFC 9110, range
 * requests): nothing depends on its being right, because the whole file is checked by its sha256.
 */
public final class Download {
  private static final int SILENCE_MS = 30_000;

  private final URI address;
  private final Path part;

  /**
   * A download that has not begun.
   *
   * @param part where the bytes go
   */
  Download(URI address, Path part) {
    this.address = address;
    this.part = part;
  }

  /**
   * Fetches a file.
   *
   * @param address http or https
   * @param sha256 64 hexadecimal digits, small
   * @param folder where it will lie, named by its sha256; a try that is cut off goes on there
   * @throws IOException when the address gives no such file: other content is not kept
   */
  public static Path fetch(URI address, String sha256, Path folder, Progress progress)
      throws IOException {
    try (ImportLock _ = ImportLock.take(folder, sha256)) {
      Path file = folder.resolve(sha256 + ".gguf");
      if (Files.exists(file) && SourceDigest.of(file, progress).equals(sha256)) {
        return file;
      }
      Path part = folder.resolve(sha256 + ".part");
      new Download(address, part).run(Long.MAX_VALUE, progress);
      return settle(part, file, sha256, address, progress);
    }
  }

  /** Gives what was fetched its name, if it is what was wanted; else it is deleted. */
  static Path settle(Path part, Path file, String sha256, Object source, Progress progress)
      throws IOException {
    String found = SourceDigest.of(part, progress);
    if (!found.equals(sha256)) {
      Files.delete(part);
      throw new IOException(
          "the sha256 of what " + source + " gives is " + found + ", expected " + sha256);
    }
    return Files.move(
        part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Fetches what is not there yet.
   *
   * @param most bytes of the whole file
   */
  void run(long most, Progress progress) throws IOException {
    while (some(most, progress)) {} // a server may give less than is asked for (RFC 9110, 14.2)
  }

  /** Takes one answer; whether there is more. */
  private boolean some(long most, Progress progress) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpURLConnection connection = open(have);
    int status = status(connection);
    if (have > 0 && status == 416) { // all of it is there, or it is of another file
      if (("bytes */" + have).equals(connection.getHeaderField("Content-Range"))) {
        return false;
      }
      have = 0;
      connection = open(0);
      status = status(connection);
    }
    String range = connection.getHeaderField("Content-Range");
    if (status != 206 || range == null || !range.startsWith("bytes " + have + "-")) {
      have = 0;
      if (status != 200) {
        throw new IOException(address + " answers with status " + status);
      }
    }
    long end = have + connection.getContentLengthLong();
    if (end < have) {
      throw new IOException(address + " does not say how long the file is");
    }
    long size = Math.max(end, total(range, have));
    if (size > most) {
      throw new IOException(address + " sends more than the " + most + " bytes expected");
    }
    long free = Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
    if (size - have > free) {
      throw new IOException(
          part + " needs " + (size - have) + " bytes more and the disk has " + free);
    }
    copy(connection, have, end, size, progress);
    return end > have && end < size;
  }

  /** What a range is part of: 0 where that is not said. */
  private static long total(String range, long have) {
    return have > 0 && range.matches("bytes \\d+-\\d+/\\d{1,18}")
        ? Long.parseLong(range.substring(range.indexOf('/') + 1))
        : 0;
  }

  private int status(HttpURLConnection connection) throws IOException {
    try {
      return connection.getResponseCode();
    } catch (UnknownHostException e) {
      throw new IOException(address + " cannot be reached: no such host", e);
    } catch (IOException e) {
      throw new IOException(address + " cannot be reached: " + e.getMessage(), e);
    }
  }

  private HttpURLConnection open(long from) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(SILENCE_MS);
    connection.setReadTimeout(SILENCE_MS);
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    return connection;
  }

  private void copy(HttpURLConnection connection, long have, long end, long size, Progress progress)
      throws IOException {
    StandardOpenOption mode =
        have > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    long done = have;
    try (InputStream in = connection.getInputStream();
        OutputStream out =
            Files.newOutputStream(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
      byte[] buffer = new byte[1 << 16];
      for (int n; done < end && (n = in.read(buffer)) > 0; ) {
        out.write(buffer, 0, (int) Math.min(n, end - done));
        done += n;
        progress.at("Fetching", done, size);
      }
    } catch (IOException e) {
      throw new IOException(stopped(done, size) + " (" + e.getMessage() + ")", e);
    }
    if (done < end) {
      throw new IOException(stopped(done, size));
    }
  }

  private String stopped(long done, long size) {
    return address + " stopped after " + done + " of " + size + " bytes: the same command goes on";
  }
}
