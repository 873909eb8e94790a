package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that has accepted a prompt and does no more is left after a bounded number of tries. */
class ServedAnswerTest {
  private static final Question QUESTION = new Question("Hi", false, 4, 0, 0, 1, 0);
  private static final int LARGE = 5 << 20;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger tries = new AtomicInteger();
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/api/prompts", exchange -> say(exchange, 202, "{\"id\":\"p\"}"));
    http.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.stop(0);
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String left(HttpHandler events) {
    return left(new Patience(Duration.ofMillis(300), LONG, LONG, LONG), events);
  }

  private String left(Patience patience, HttpHandler events) {
    http.createContext(
        "/api/prompts/p/events",
        exchange -> {
          tries.incrementAndGet();
          events.handle(exchange);
        });
    String url = "http://127.0.0.1:" + http.getAddress().getPort();
    ServerClient client = new ServerClient(url, patience);
    ServedAnswer answer = new ServedAnswer(client, piece -> {});
    IOException e = assertThrows(IOException.class, () -> answer.ask(QUESTION, "m"));
    assertTrue(e.getMessage().startsWith("no answer to prompt p came ("), e.getMessage());
    assertTrue(e.getMessage().contains("--server none"), e.getMessage());
    return e.getMessage();
  }

  private void pause() {
    try {
      over.await(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void silence() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void oneThatSaysNothingAtAllIsLeftAtOnce() {
    String said = left(exchange -> silence());
    assertTrue(said.contains("has sent nothing for"), said);
    assertEquals(1, tries.get());
  }

  @Test
  void oneThatFallsSilentIsAskedOnceMore() {
    left(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          String phase = "id: 0\nevent: phase\ndata: {\"phase\":\"queued\"}\n\n";
          exchange.getResponseBody().write(phase.getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          silence();
        });
    assertEquals(2, tries.get());
  }

  @Test
  void oneThatHangsUpIsAskedAgainAsLongAsSomethingNewComes() {
    left(
        exchange -> {
          int text = Math.min(tries.get(), 8);
          say(exchange, 200, "id: " + text + "\nevent: token\ndata: {\"text\":\"x\"}\n\n");
        });
    assertEquals(8 + 5, tries.get(), "eight pieces, then five tries without one");
  }

  /** A ping now and then is all that comes. */
  @Test
  void oneThatNeverEndsIsLeft() {
    Duration most = Duration.ofMillis(500);
    String said =
        left(
            new Patience(LONG, LONG, LONG, most),
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              for (int i = 0; i < 20; i++) {
                exchange.getResponseBody().write(": ping\n\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                pause();
              }
              exchange.close();
            });
    assertTrue(said.contains("has not ended after"), said);
    assertEquals(1, tries.get());
  }

  /** Each time something new, and five megabytes beside it. */
  @Test
  void allStreamsOfAnAnswerTogetherAreBounded() {
    String said =
        left(
            exchange -> {
              int text = Math.min(tries.get(), ServerClient.STREAM_BYTES / LARGE + 8);
              say(exchange, 200, "id: " + text + "\n: " + "x".repeat(LARGE) + "\n\n");
            });
    assertTrue(said.contains("sends more than the " + ServerClient.STREAM_BYTES), said);
  }
}
