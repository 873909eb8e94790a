package opml.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import opml.http.Operator;

/**
 * Our REST interface as a client. Problems of the server become errors in its words; whatever it
 * sends is read up to a length and for a time only, since it need not be a server of ours.
 */
final class ServerClient {
  private static final int WRONG_REQUEST = 400;
  private static final int SERVER_ERROR = 500;
  private static final Set<Integer> BUSY = Set.of(429, 503);
  private static final int PORT_MAX = 65_535;
  private static final int TRIES = 240;
  private static final int JSON_BYTES = 8 << 20;
  private static final int DETAIL = 1000; // characters of a problem that are shown
  private static final Duration HEAD = Duration.ofSeconds(30);

  /** Of an answer of a model, pings included. */
  static final int STREAM_BYTES = 16 << 20;

  private final String url;
  private final Patience patience;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * @param url http or https address without a path
   * @throws IllegalArgumentException when it is none
   */
  ServerClient(String url) {
    this(url, Patience.STANDARD);
  }

  ServerClient(String url, Patience patience) {
    if (!isAddress(url)) {
      throw new IllegalArgumentException(
          "--server is \"" + url + "\": give an address such as http://127.0.0.1:8080, or none");
    }
    this.url = url.replaceFirst("/$", "");
    this.patience = patience;
  }

  private static boolean isAddress(String url) {
    try {
      URI uri = new URI(url);
      boolean origin = url.matches("https?://[^/?#@]+/?");
      return origin && uri.getHost() != null && uri.getPort() <= PORT_MAX;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  String url() {
    return url;
  }

  JsonNode get(String path) throws IOException {
    return json(request(path).timeout(HEAD).build());
  }

  JsonNode post(String path, Object body) throws IOException {
    byte[] bytes = Out.JSON.writeValueAsBytes(body);
    return json(
        request(path)
            .timeout(HEAD)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build());
  }

  /** Stops a prompt that was asked through this. */
  void stop(String path, String token) throws IOException {
    json(
        request(path)
            .timeout(Duration.ofSeconds(5))
            .header("Opml-Stop-Token", token)
            .DELETE()
            .build());
  }

  /**
   * Bytes that the server may have to replay something for: asks again while it is busy.
   *
   * @param most more of them are an error
   */
  byte[] bytes(String path, long most) throws IOException {
    Allowance allowance = new Allowance(most, patience.replay());
    for (int i = 0; ; i++) {
      Duration left = allowance.left(url + path, null);
      HttpResponse<InputStream> response =
          send(request(path).setHeader("Accept", "*/*").timeout(left).build());
      if (i == TRIES || !BUSY.contains(response.statusCode())) {
        return body(response, allowance);
      }
      response.body().close();
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** As the operator of the server whose home folder this is. */
  void delete(String path, Path home) throws IOException {
    String key = Operator.authorization(home);
    json(
        request(path)
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", key)
            .DELETE()
            .build());
  }

  /** What the streams of one answer may take together. */
  Allowance prompt() {
    return new Allowance(STREAM_BYTES, patience.prompt());
  }

  /** A body that is read while it comes. */
  InputStream stream(String path, String lastEventId, Allowance allowance) throws IOException {
    HttpRequest.Builder request =
        request(path).timeout(patience.silence()).setHeader("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response;
    try {
      response = send(request.build());
    } catch (IOException e) {
      throw e.getCause() instanceof HttpTimeoutException
          ? new BoundedStream.Silent(url + path, patience.silence(), e)
          : e;
    }
    if (response.statusCode() >= WRONG_REQUEST) {
      throw problem(response);
    }
    return bounded(response, allowance);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
  }

  private JsonNode json(HttpRequest request) throws IOException {
    Allowance allowance = new Allowance(JSON_BYTES, patience.json());
    byte[] body = body(send(request), allowance);
    try {
      return Out.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException(url + " does not answer as an opML server does: check --server", e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new IOException("the server at " + url + " does not answer: is it running?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private byte[] body(HttpResponse<InputStream> response, Allowance allowance) throws IOException {
    if (response.statusCode() >= WRONG_REQUEST) {
      throw problem(response);
    }
    try (InputStream in = bounded(response, allowance)) {
      return in.readAllBytes();
    }
  }

  private InputStream bounded(HttpResponse<InputStream> response, Allowance allowance) {
    String name = response.uri().toString();
    return new BoundedStream(response.body(), allowance, patience.silence(), name);
  }

  private RuntimeException problem(HttpResponse<InputStream> response) throws IOException {
    int status = response.statusCode();
    byte[] body;
    Allowance allowance = new Allowance(Long.MAX_VALUE, patience.json());
    try (InputStream in = bounded(response, allowance)) {
      body = in.readNBytes(JSON_BYTES);
    }
    String detail;
    try {
      detail = Out.JSON.readTree(body).path("detail").asText("");
    } catch (IOException e) {
      detail = new String(body, StandardCharsets.UTF_8);
    }
    detail = detail.length() > DETAIL ? detail.substring(0, DETAIL) + " …" : detail;
    String message = "the server at " + url + " says " + status + ": " + detail;
    return status < SERVER_ERROR
        ? new IllegalArgumentException(message)
        : new IllegalStateException(message);
  }
}
