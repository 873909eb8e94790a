package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file behind an address, with a server that cuts it off, lies or is gone. */
class DownloadTest {
  private static final int SIZE = 300_000;

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private String sha256;
  private HttpServer http;
  private boolean ranges = true;
  private int most = SIZE;
  private int slice = SIZE;
  private int sent;

  @BeforeEach
  void start() throws Exception {
    new Random(7).nextBytes(content);
    sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/model.gguf", this::serve);
    http.createContext("/other.gguf", this::other);
    http.createContext("/endless", DownloadTest::endless);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  /** At most so many bytes, then the connection ends. */
  private void serve(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from == SIZE) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + SIZE);
      exchange.sendResponseHeaders(416, -1);
    } else {
      int length = from > 0 ? Math.min(slice, SIZE - from) : SIZE;
      if (from > 0) {
        String sentRange = "bytes " + from + "-" + (from + length - 1) + "/" + SIZE;
        exchange.getResponseHeaders().set("Content-Range", sentRange);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
      int now = Math.min(most, length);
      sent += now;
      exchange.getResponseBody().write(content, from, now);
    }
    exchange.close();
  }

  /** Another file of that length, that takes no ranges and is cut off as the first is. */
  private void other(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, SIZE);
    int now = Math.min(most, SIZE);
    sent += now;
    exchange.getResponseBody().write(new byte[now]);
    exchange.close();
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(new byte[1 << 16]);
    exchange.close();
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + path);
  }

  private Path fetch() throws IOException {
    return Download.fetch(address("/model.gguf"), sha256, folder, Progress.NONE);
  }

  @Test
  void aFetchThatIsCutOffGoesOn() throws IOException {
    most = 100_000;
    for (int tries = 1; tries < 3; tries++) {
      IOException e = assertThrows(IOException.class, this::fetch);
      assertTrue(e.getMessage().contains(" of 300000 bytes: the same command goes on"), e + "");
    }
    assertArrayEquals(content, Files.readAllBytes(fetch()));
    assertEquals(SIZE, sent, "no byte twice");
  }

  @Test
  void slicesAreJoined() throws IOException {
    most = 100_000;
    assertThrows(IOException.class, this::fetch);
    slice = 50_000;
    assertArrayEquals(content, Files.readAllBytes(fetch()));
    assertEquals(SIZE, sent, "no byte twice");
  }

  @Test
  void aFileThatSomebodyPutThereIsNotBelieved() throws IOException {
    Files.write(folder.resolve(sha256 + ".gguf"), new byte[10]);
    assertArrayEquals(content, Files.readAllBytes(fetch()));
  }

  @Test
  void aServerWithoutRangesBeginsAgain() throws IOException {
    most = 100_000;
    assertThrows(IOException.class, this::fetch);
    ranges = false;
    most = SIZE;
    assertArrayEquals(content, Files.readAllBytes(fetch()));
  }

  @Test
  void aWholePartIsNotFetchedAgain() throws IOException {
    Files.write(folder.resolve(sha256 + ".part"), content);
    assertArrayEquals(content, Files.readAllBytes(fetch()));
    assertEquals(0, sent);
  }

  @Test
  void aPartOfAnotherFileIsFoundOut() throws IOException {
    Path part = folder.resolve(sha256 + ".part");
    Files.write(part, new byte[1000]);
    IOException e = assertThrows(IOException.class, this::fetch);
    assertTrue(e.getMessage().contains("expected " + sha256), e.getMessage());
    assertFalse(Files.exists(part));
    Files.write(part, Arrays.copyOf(content, SIZE - 1));
    assertArrayEquals(content, Files.readAllBytes(fetch()));
  }

  /** The file as a model of the catalogue that has these addresses. */
  private Path known(String... paths) throws IOException {
    List<Catalogue.Source> sources =
        Stream.of(paths)
            .map(path -> new Catalogue.Source(null, address(path).toString(), null))
            .toList();
    return new Catalogue.Model("m", "none", sha256, SIZE, false, sources)
        .fetch(folder, Progress.NONE);
  }

  @Test
  void whatAnotherSourceLeftIsNoPartOfAnAddress() throws IOException {
    Files.write(folder.resolve("m.part"), new byte[1000]);
    assertArrayEquals(content, Files.readAllBytes(known("/model.gguf")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("m.gguf")), files.toList());
    }
  }

  @Test
  void aModelOfTheCatalogueGoesOnAtTheAddressThatItsPartIsOf() throws IOException {
    most = 100_000;
    assertThrows(IOException.class, () -> known("/other.gguf", "/model.gguf"));
    most = SIZE;
    assertArrayEquals(content, Files.readAllBytes(known("/model.gguf", "/other.gguf")));
    assertEquals(SIZE + 100_000, sent, "no byte of the wanted file twice");
  }

  @Test
  void whatIsNotThereOrHasNoEndIsRefused() {
    IOException gone = assertThrows(IOException.class, () -> run("/nothing", SIZE));
    assertTrue(gone.getMessage().endsWith("answers with status 404"), gone.getMessage());
    IOException endless = assertThrows(IOException.class, () -> run("/endless", SIZE));
    assertTrue(endless.getMessage().endsWith("does not say how long the file is"), endless + "");
    IOException large = assertThrows(IOException.class, () -> run("/model.gguf", SIZE - 1));
    assertTrue(large.getMessage().endsWith("more than the 299999 bytes expected"), large + "");
  }

  private void run(String path, long bytes) throws IOException {
    new Download(address(path), folder.resolve("part")).run(bytes, Progress.NONE);
  }
}
