package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import opml.chain.Fee;
import opml.chain.Hex;
import opml.chain.Journal;
import opml.chain.Sent;
import opml.chain.Signed;

/**
 * What a command has signed, until it knows what became of it: one that was killed in between sends
 * the same bytes when it is called again, and does nothing twice.
 */
final class FileJournal implements Journal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  FileJournal(Path file) {
    this.file = file;
  }

  @Override
  public List<Signed> versions(String key) {
    return those(signed -> signed.key().equals(key));
  }

  @Override
  public void save(Signed signed) {
    List<Signed> all = new ArrayList<>(those(any -> true));
    all.add(signed);
    write(all);
  }

  @Override
  public List<Signed> pending(String account) {
    return from(account, 0);
  }

  @Override
  public List<Signed> from(String account, long nonce) {
    return those(signed -> signed.account().equals(account) && signed.nonce() >= nonce).stream()
        .sorted(Comparator.comparingLong(Signed::nonce))
        .toList();
  }

  @Override
  public void mined(String key, Sent sent) {
    write(those(signed -> !signed.key().equals(key)));
  }

  private List<Signed> those(Predicate<Signed> which) {
    try {
      JsonNode all = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createArrayNode();
      return StreamSupport.stream(all.spliterator(), false)
          .map(FileJournal::signed)
          .filter(which)
          .toList();
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          file + " can't be read: it names transactions that may be on their way", e);
    }
  }

  private static Signed signed(JsonNode row) {
    return new Signed(
        row.required("key").textValue(),
        row.required("account").textValue(),
        row.required("nonce").longValue(),
        row.required("hash").textValue(),
        Hex.bytes(row.required("raw").textValue()),
        row.required("gas").longValue(),
        new Fee(
            row.required("priority").bigIntegerValue(), row.required("most").bigIntegerValue()));
  }

  /** Whole or not at all, and safe when this returns. */
  private void write(List<Signed> all) {
    ArrayNode rows = JSON.createArrayNode();
    for (Signed signed : all) {
      rows.addObject()
          .put("key", signed.key())
          .put("account", signed.account())
          .put("nonce", signed.nonce())
          .put("hash", signed.hash())
          .put("raw", Hex.of(signed.raw()))
          .put("gas", signed.gas())
          .put("priority", signed.fee().priority())
          .put("most", signed.fee().most());
    }
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(rows));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
  }
}
