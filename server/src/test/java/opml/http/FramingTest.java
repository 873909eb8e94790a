package opml.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import opml.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a request ends. If a proxy in front sees another end, one client's body is the head of the
 * next client's request.
 */
@QuarkusTest
@QuarkusTestResource(World.class)
class FramingTest {
  private static final String HIDDEN = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST = "POST /api/prompts HTTP/1.1|Host: localhost|";
  private static final String STATUS = "HTTP/1\\.[01] [0-9]{3} ";

  @TestHTTPResource URI address;

  /** All that comes until the server closes the connection. {@code |} is the end of a line. */
  private String raw(String text) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String bytes = text.replace("|", "\r\n").replace("{0}", "\0");
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int answers(String all) {
    return all.split(STATUS, -1).length - 1;
  }

  @ParameterizedTest
  @CsvSource({
    "Transfer-Encoding: chunked|Content-Length: 5, 400, unclear-body",
    "Content-Length: 5|Transfer-Encoding: chunked, 400, unclear-body",
    "Transfer-Encoding: xchunked, 501, unknown-coding",
    "Transfer-Encoding: identity|Content-Length: 5, 501, unknown-coding",
    "Transfer-Encoding: chunked|Transfer-Encoding: identity, 501, unknown-coding",
    "'Transfer-Encoding: gzip, chunked', 501, unknown-coding",
    "'Transfer-Encoding:| chunked', 501, unknown-coding",
    "Content-Length: 5|Content-Length: 5, 400, invalid-request",
    "Content-Length: 5|Content-Length: 6, 400, invalid-request",
    "'Content-Length: 5, 5', 400, invalid-request",
    "Content-Length: +5, 400, invalid-request",
    "Content-Length: 0x5, 400, invalid-request",
    "Content-Length : 5, 400, invalid-request",
    "Transfer-Encoding{0}: chunked, 400, invalid-request",
    "Transfer-Encoding: chunked{0}, 400, invalid-request",
    "X: a{0}b, 400, invalid-request"
  })
  void whatIsNotSaidPlainlyIsRefusedAndNothingBehindItIsRead(
      String headers, int status, String slug) throws IOException {
    String all = raw(POST + headers + "||0||" + HIDDEN + HIDDEN);
    assertTrue(all.matches("(?s)" + "HTTP/1\\.[01] " + status + " .*"), all);
    assertTrue(all.contains("urn:opml:problem:" + slug), all);
    assertEquals(1, answers(all), all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/models HTTP/1.1\nHost: localhost\n\n",
        "GET /api/models HTTP/1.1|Host: localhost\nX: y||",
        "GET /api/models HTTP/1.1|Host: localhost|X: a\rContent-Length: 5||",
        "GET /api/models HTTP/1.1| Host: localhost||",
        "GET /api/models HTTP/1.0|Host: localhost|Transfer-Encoding: chunked||0||",
        "GET /api/models HTTP/1.1|Host: localhost|Sec-WebSocket-Key1: 1|Sec-WebSocket-Key2: 2||",
        "GET /api/models\thttp/1.1|Host: localhost||",
        "GET /api/models FTP/1.1|Host: localhost||",
        "GET /api/models HTTP/1.1 HTTP/1.1|Host: localhost||",
        "GET /api/models HTTP/01.1|Host: localhost||"
      })
  void linesThatOthersReadOtherwiseAreRefused(String head) throws IOException {
    String all = raw(head + HIDDEN);
    assertTrue(all.matches("(?s)" + "HTTP/1\\.[01] 400 .*"), all);
    assertEquals(1, answers(all), all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2\n{}|0||",
        "2|{}0||",
        "g|{}|0||",
        "-2|{}|0||",
        "100000000|{}|0||",
        "100000002|{}|0||",
        "1|{|100000001|}|0||",
        "2|{}|100000000||",
        "2 2|{}|0||",
        " 2|{}|0||",
        "2;x=\n|{}|0||",
      })
  void chunksThatAreNoneEndTheConnection(String chunks) throws IOException {
    String head = "Content-Type: application/json|Transfer-Encoding: chunked||";
    assertTrue(answers(raw(POST + head + chunks + HIDDEN)) <= 1, chunks);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2|{}|0||",
        "000000000000000002|{}|0|X: y||",
        "1;x=y|{|1 ; z|}|0||",
        "A|{        }|0;a||",
      })
  void chunksThatArePlainAreRead(String chunks) throws IOException {
    String head = "Content-Type: application/json|Transfer-Encoding: chunked||";
    String last = HIDDEN.replace("\r\n\r\n", "|Connection: close||");
    assertEquals(2, answers(raw(POST + head + chunks + last)), chunks);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/0.9, 505",
    "HTTP/2.0, 505",
    "HTTP/2.7, 505",
    "HTTP/9.9, 505",
    "HTTP/1.0, 200",
    "HTTP/1.1, 200",
    "HTTP/1.7, 200"
  })
  void ofTheVersionTheMajorNumberCounts(String version, int status) throws IOException {
    String all = raw("GET /api/models " + version + "|Host: localhost|Connection: close||");
    assertTrue(all.matches("(?s)HTTP/1\\.[01] " + status + " .*"), all);
    assertEquals(status == 505, all.contains("HTTP/1.1 or HTTP/1.0"), all);
    assertEquals(status == 505, all.contains("\"instance\":\"/api/models\""), all);
  }

  /** The prefix with which a client of HTTP/2 begins that does not ask first. */
  @ParameterizedTest
  @ValueSource(strings = "PRI * HTTP/2.0||SM||")
  void whoSpeaksHttp2HearsWhatIsSpoken(String preface) throws IOException {
    assertTrue(raw(preface).startsWith("HTTP/1.1 505 "), preface);
  }

  /** A body in the answer to HEAD would be the next answer of the connection. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/models",
        "/api/nothing",
        "/openapi",
        "/v1/models",
        "/q/metrics",
        "/api/models/opml-tiny/weights",
        "/api/models/opml-tiny/weights/pages?page=0"
      })
  void theAnswerToHeadHasNoBody(String path) throws IOException {
    String head = "HEAD " + path + " HTTP/1.1|Host: localhost||";
    String all = raw(head + "GET /api/nothing HTTP/1.1|Host: localhost|Connection: close||");
    assertTrue(all.matches("(?s)" + STATUS + "((?!\r\n\r\n).)*\r\n\r\n" + STATUS + ".*"), all);
    assertEquals(2, answers(all), all);
  }
}
