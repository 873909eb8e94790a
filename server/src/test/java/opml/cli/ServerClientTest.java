package opml.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the client does with a server that is none of ours. */
class ServerClientTest {
  private static final int SLOW_MS = 700;
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final int DROPS = 30;
  private static final int DROP_MS = 100;
  private static final int BUSY = 3;

  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch silenceEnds = new CountDownLatch(1);
  private HttpServer http;
  private ServerClient client;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/endless", exchange -> endless(exchange, 200, " "));
    http.createContext("/text", exchange -> endless(exchange, 200, "data: {}\n"));
    http.createContext("/refused", exchange -> endless(exchange, 404, "no "));
    http.createContext("/ten", ServerClientTest::ten);
    http.createContext("/mute", exchange -> wait(silenceEnds));
    http.createContext("/silent", exchange -> silent(exchange, 200));
    http.createContext("/silent-problem", exchange -> silent(exchange, 500));
    http.createContext("/slow", ServerClientTest::slow);
    http.start();
    http.createContext("/drops", exchange -> drops(exchange, 200));
    http.createContext("/dropped-problem", exchange -> drops(exchange, 404));
    http.createContext("/busy", this::busy);
    client = client(LONG);
  }

  private ServerClient client(Duration silence) {
    return client(new Patience(silence, LONG, LONG, LONG));
  }

  private ServerClient client(Patience patience) {
    return new ServerClient("http://127.0.0.1:" + http.getAddress().getPort(), patience);
  }

  @AfterEach
  void stop() {
    silenceEnds.countDown();
    http.stop(0);
  }

  private static void wait(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void silent(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, 100);
    exchange.getResponseBody().write(new byte[10]);
    exchange.getResponseBody().flush();
    wait(silenceEnds);
  }

  private static void slow(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 5);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < 5; i++) {
        wait(SLOW_MS);
        out.write(i);
        out.flush();
      }
    }
  }

  /** Ends well, if one waits for it. */
  private void drops(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < DROPS; i++) {
        wait(DROP_MS);
        out.write(i == 0 ? '[' : i + 1 == DROPS ? ']' : ' ');
        out.flush();
      }
    }
  }

  private void busy(HttpExchange exchange) throws IOException {
    wait(DROP_MS);
    exchange.sendResponseHeaders(calls.incrementAndGet() <= BUSY ? 429 : 200, -1);
    exchange.close();
  }

  private static void wait(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void endless(HttpExchange exchange, int status, String words) throws IOException {
    exchange.sendResponseHeaders(status, 0);
    byte[] part = words.repeat(1 << 14).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = exchange.getResponseBody()) {
      while (true) {
        out.write(part); // fails when the client has had enough
      }
    }
  }

  private static void ten(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 10);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(new byte[10]);
    }
  }

  @Test
  void answersThatNeverEndAreReadUpToABound() {
    assertTooLong("8388608", assertThrows(IOException.class, () -> client.get("/endless")));
    assertTooLong("1000", assertThrows(IOException.class, () -> client.bytes("/endless", 1000)));
    IOException stream =
        assertThrows(
            IOException.class,
            () -> {
              try (InputStream in = client.stream("/text", null, client.prompt())) {
                in.transferTo(OutputStream.nullOutputStream());
              }
            });
    assertTooLong("16777216", stream);
  }

  private static void assertTooLong(String most, IOException e) {
    String wanted = "sends more than the " + most + " bytes that it may: check --server";
    assertTrue(e.getMessage().contains(wanted), e.getMessage());
  }

  @Test
  void aServerThatFallsSilentIsLeft() {
    ServerClient hasty = client(Duration.ofMillis(300));
    assertSilent(assertThrows(IOException.class, () -> hasty.bytes("/silent", 100)));
    assertSilent(assertThrows(IOException.class, () -> hasty.get("/silent-problem")));
    assertSilent(
        assertThrows(
            IOException.class,
            () -> {
              try (InputStream in = hasty.stream("/silent", null, hasty.prompt())) {
                in.transferTo(OutputStream.nullOutputStream());
              }
            }));
    assertSilent(
        assertThrows(IOException.class, () -> hasty.stream("/mute", null, hasty.prompt())));
  }

  private static void assertSilent(IOException e) {
    assertTrue(e.getMessage().contains("has sent nothing for"), e.getMessage());
  }

  @Test
  void aSlowServerIsWaitedFor() throws IOException {
    ServerClient patient = client(Duration.ofMillis(3 * SLOW_MS)); // less than all of it takes
    try (InputStream in = patient.stream("/slow", null, patient.prompt())) {
      assertArrayEquals(new byte[] {0, 1, 2, 3, 4}, in.readAllBytes());
    }
  }

  @Test
  void whatComesByteByByteIsNotWaitedForTooLong() {
    Duration most = Duration.ofMillis(5 * DROP_MS);
    ServerClient hasty = client(new Patience(LONG, most, most, most));
    assertNotEnded(() -> hasty.get("/drops"));
    assertNotEnded(() -> hasty.get("/dropped-problem"));
    assertNotEnded(() -> hasty.bytes("/drops", 100));
    assertNotEnded(
        () -> {
          try (InputStream in = hasty.stream("/drops", null, hasty.prompt())) {
            in.transferTo(OutputStream.nullOutputStream());
          }
        });
    assertNotEnded(() -> hasty.bytes("/busy", 100));
  }

  private static void assertNotEnded(Executable deed) {
    IOException e = assertThrows(IOException.class, deed);
    assertTrue(e.getMessage().contains("has not ended after"), e.getMessage());
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() throws IOException {
    assertArrayEquals(new byte[0], client.bytes("/busy", 0));
    assertEquals(BUSY + 1, calls.get());
  }

  @Test
  void asManyBytesAsMayComeAreTaken() throws IOException {
    assertArrayEquals(new byte[10], client.bytes("/ten", 10));
    assertThrows(IOException.class, () -> client.bytes("/ten", 9));
  }

  @Test
  void ofAProblemOnlyTheBeginningIsShown() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> client.get("/refused"));
    assertTrue(e.getMessage().contains("says 404: no no"), e.getMessage());
    assertTrue(e.getMessage().length() < 1200, e.getMessage().length() + " characters");
    assertEquals('…', e.getMessage().charAt(e.getMessage().length() - 1));
  }
}
