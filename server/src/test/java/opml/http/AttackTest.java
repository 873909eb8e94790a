package opml.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile page, client or proxy may try. */
@QuarkusTest
@QuarkusTestResource(World.class)
class AttackTest {
  private static final String ASK = "{\"model\":\"opml-tiny\",\"maxTokens\":2,\"prompt\":\"x\"}";

  @TestHTTPResource URI address;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/games/0x1",
        "/nothing",
        "/api/chain",
        "/api/nothing",
        "/v1/models",
        "/v1/models/x",
        "/q/health",
        "/q/metrics",
        "/openapi",
        "/q/swagger-ui/",
        "/api/prompts/x/events"
      })
  void everyAnswerForbidsForeignCode(String path) throws IOException {
    String answer = raw("GET " + path + " HTTP/1.1", "Host: localhost");
    assertTrue(answer.contains("content-security-policy: default-src 'self'"), answer);
    assertTrue(answer.contains("frame-ancestors 'none'"), answer);
    assertTrue(answer.contains("x-content-type-options: nosniff"), answer);
    assertTrue(answer.contains("x-request-id: "), answer);
    boolean tool = path.startsWith("/q/swagger-ui");
    assertEquals(tool, answer.contains("unsafe-inline"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../application.properties",
        "/..%2fapplication.properties",
        "/%2e%2e/%2e%2e/application.properties",
        "/..\\application.properties",
        "/%5c..%5c..%5capplication.properties",
        "/application.properties",
        "/index.html/../../application.properties",
        "/assets/..%252f..%252fapplication.properties",
        "/META-INF/resources/../../application.properties",
        "/db/migration/V1__prompts.sql",
        "//etc/passwd",
        "/%00/etc/passwd"
      })
  void noPathLeadsOutOfThePage(String path) throws IOException {
    String answer = raw("GET " + path + " HTTP/1.1", "Host: localhost");
    assertFalse(answer.startsWith("http/1.1 200"), answer);
    assertFalse(answer.contains("quarkus.datasource") || answer.contains("root:"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "a b"})
  void unknownHostNamesAreRefused(String host) throws IOException {
    String answer = raw("GET /api/chain HTTP/1.1", "Host: " + host);
    assertTrue(answer.matches("(?s)http/1.1 4(21|00) .*"), answer);
    assertFalse(answer.contains("chainid"), answer);
  }

  @Test
  void aPageElsewhereCannotChangeAnything() {
    for (String origin : List.of("https://evil.example", "null", "http://localhost:1", "%%")) {
      given()
          .header("Origin", origin)
          .contentType("application/json")
          .body(ASK)
          .post("/api/prompts")
          .then()
          .statusCode(403)
          .header("Access-Control-Allow-Origin", nullValue())
          .body("type", equalTo("urn:opml:problem:foreign-origin"));
    }
    given()
        .header("Origin", "https://evil.example")
        .get("/api/chain")
        .then()
        .statusCode(200)
        .header("Access-Control-Allow-Origin", nullValue())
        .header("Cross-Origin-Resource-Policy", equalTo("same-origin"));
    given()
        .header("Origin", "http://" + address.getAuthority())
        .contentType("application/json")
        .body(ASK)
        .post("/api/prompts")
        .then()
        .statusCode(202);
  }

  @Test
  void deepJsonLargeBodiesAndNumbersWithoutEndAreRefusedAtOnce() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    refused("{\"model\":\"opml-tiny\",\"seed\":" + deep + "}", 400, "invalid-json");
    refused("{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000), 400, "invalid-json");
    refused(seed("\"1e999999999\""), 400, "invalid-field");
    refused(seed("1e999999999"), 400, "invalid-field");
    refused(seed("9".repeat(5_000)), 400, "invalid-json");
    refused("{\"model\":\"opml-tiny\",\"model\":\"b\",\"prompt\":\"x\"}", 400, "invalid-json");
    refused(ASK + ASK, 400, "invalid-json");
    refused("x".repeat(256 * 1024 + 1), 413, "oversized-body");
  }

  private static String seed(String value) {
    return ASK.replace("}", ",\"seed\":" + value + "}");
  }

  private static void refused(String body, int status, String slug) {
    given()
        .contentType("application/json")
        .body(body)
        .post("/api/prompts")
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:opml:problem:" + slug))
        .body("detail", notNullValue());
  }

  @Test
  void whatCannotBeReadIsToldInWordsOfTheClient() {
    for (String body : List.of("{", "{\"model\":NaN}", "// x\n{}", "{\"" + "k".repeat(60_000))) {
      given()
          .contentType("application/json")
          .body(body)
          .post("/api/prompts")
          .then()
          .statusCode(400)
          .body("type", equalTo("urn:opml:problem:invalid-json"))
          .body("detail", not(containsString("Source")))
          .body("detail", not(containsString("Feature")))
          .body("detail", not(containsString("Constraints")));
    }
    given()
        .contentType("application/json")
        .header("Content-Encoding", "gzip")
        .body(new byte[] {0x1f, (byte) 0x8b, 8, 0})
        .post("/api/prompts")
        .then()
        .statusCode(415)
        .body("type", equalTo("urn:opml:problem:encoded-body"));
    given()
        .accept("application/xml")
        .get("/api/models")
        .then()
        .statusCode(406)
        .body("detail", containsString("Accept: application/json"));
    given()
        .get("/api/prompts?limit=1.5")
        .then()
        .statusCode(400)
        .body("field", equalTo("limit"))
        .body("detail", containsString("must be what /openapi says, not \"1.5\""));
  }

  @Test
  void aBodyWithoutLengthIsBoundedToo() throws IOException {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    String answer;
    try {
      answer =
          raw(
              "POST /api/prompts HTTP/1.1",
              "Host: localhost",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked",
              "",
              chunk.repeat(6) + "0\r\n");
    } catch (java.net.SocketException e) {
      return; // the server hung up while we were still sending
    }
    assertTrue(answer.startsWith("http/1.1 413") || answer.isEmpty(), answer);
    assertTrue(answer.contains("urn:opml:problem:oversized-body") || answer.isEmpty(), answer);
  }

  /** More than there are workers. */
  @Test
  void bodiesThatDoNotComeHoldNobodyUp() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      String head = "POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";
      String begun = head + "Content-Type: application/json\r\n\r\n{";
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(address.getHost(), address.getPort());
        slow.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
      }
      String answer = raw("GET /api/chain HTTP/1.1", "Host: localhost");
      assertTrue(answer.startsWith("http/1.1 200"), answer);
      byte[] end = slow.getFirst().getInputStream().readAllBytes();
      String late = new String(end, StandardCharsets.UTF_8);
      assertTrue(late.startsWith("HTTP/1.1 408"), late);
      assertTrue(late.contains("urn:opml:problem:slow-body"), late);
      assertTrue(late.contains("Content-Security-Policy"), late);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** What curl sends when it is told of no type. */
  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data"})
  void formsAreRefusedBeforeTheyAreRead(String type) throws IOException {
    String form = "{\"prompt\":\"100%\",\"more\":\"" + "x".repeat(3000) + "\"}";
    String answer =
        raw(
            "POST /v1/chat/completions HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Content-Type: " + type,
            "Content-Length: " + form.length(),
            "",
            form);
    assertTrue(answer.startsWith("http/1.1 415"), answer);
    assertTrue(answer.contains("send the body as content-type: application/json"), answer);
  }

  @Test
  void aBodyThatBreaksOffIsNoErrorOfTheServer() throws Exception {
    List<String> errors = new CopyOnWriteArrayList<>();
    Handler log =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
              errors.add(line.getLoggerName() + " " + line.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(log);
    try {
      for (int i = 0; i < 20; i++) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
          String head = "POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";
          String begun = head + "Content-Type: application/json\r\n\r\n{";
          socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
          Thread.sleep(20);
        }
      }
      String json = "Content-Type: application/json";
      String chunks = "Transfer-Encoding: chunked";
      raw("POST /api/prompts HTTP/1.1", "Host: localhost", json, chunks, "", "zz");
      raw("GET /api/chain HTTP/1.1", "Host: localhost");
      Thread.sleep(500);
    } finally {
      Logger.getLogger("").removeHandler(log);
    }
    assertEquals(List.of(), errors);
  }

  @Test
  void anExpectationThatNobodyMeetsIsToldInWords() throws IOException {
    String json = "Content-Type: application/json|Content-Length: 2|Expect: miracles||{}";
    String answer = raw(("POST /api/prompts HTTP/1.1|Host: localhost|" + json).split("\\|"));
    assertTrue(answer.startsWith("http/1.1 417"), answer);
    assertTrue(answer.contains("urn:opml:problem:http-417"), answer);
  }

  @Test
  void manyStreamsOfOneConnectionAreNotTaken() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/chain")).build();
    assertEquals(
        HttpClient.Version.HTTP_1_1,
        client.send(request, HttpResponse.BodyHandlers.discarding()).version());
  }

  @Test
  void aConnectionIsKeptWhenABodyWasRead() throws IOException {
    String body = "{\"model\":\"opml-tiny\",\"messages\":[],\"n\":2}";
    String ask =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length();
    String more = ask + "\r\n\r\n" + body;
    String last = ask + "\r\nConnection: close\r\n\r\n" + body;
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String all = more.repeat(20) + last;
      socket.getOutputStream().write(all.getBytes(StandardCharsets.US_ASCII));
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(22, answers.split("unsupported_field", -1).length, answers);
    }
  }

  /** Vert.x and Quarkus refuse these before any filter, and without a word. */
  @ParameterizedTest
  @CsvSource({
    "GET /%zz HTTP/1.1, 400, invalid-address",
    "GET /api/prompts?x=%zz HTTP/1.1, 400, invalid-address",
    "GET /{5000} HTTP/1.1, 414, long-address",
    "GET / HTTP/1.1|X: {20000}, 431, long-headers",
    "GET / HTTP/1.1|A b: c, 400, invalid-request",
    "POST / HTTP/1.1|Content-Length: -1, 400, invalid-request",
    "nonsense, 400, invalid-request",
    "GET / HTTP/1.1|Host: localhost, 400, invalid-host",
    "GET / HTTP/1.1|Host: evil.example, 400, invalid-host",
    "GET nothing HTTP/1.1, 404, http-404",
    "OPTIONS * HTTP/1.1, 404, http-404"
  })
  void whatIsRefusedBeforeItIsRoutedIsToldInWordsToo(String request, int status, String slug)
      throws IOException {
    String lines =
        request.replace("{5000}", "x".repeat(5000)).replace("{20000}", "x".repeat(20000));
    String[] given = (lines + "|Host: localhost").split("\\|");
    String answer = raw(given);
    assertTrue(answer.matches("(?s)http/1.[01] " + status + " .*"), answer);
    assertTrue(answer.contains("content-type: application/problem+json"), answer);
    assertTrue(answer.contains("{\"type\":\"urn:opml:problem:" + slug + "\""), answer);
    assertTrue(answer.contains("x-content-type-options: nosniff"), answer);
    assertTrue(answer.contains("content-security-policy: default-src"), answer);
    assertTrue(answer.contains("x-request-id: "), answer);
  }

  @Test
  void openAisFormIsKeptOfWhatIsNotRouted() throws IOException {
    String answer = raw("GET /v1/%zz HTTP/1.1", "Host: localhost");
    assertTrue(answer.startsWith("http/1.1 400"), answer);
    assertTrue(answer.contains("\"code\":\"invalid_address\""), answer);
    assertTrue(raw("GET / HTTP/1.1").contains("urn:opml:problem:invalid-host"), "without Host");
  }

  @Test
  void aBodyThatIsSaidToComeAndIsEmptyIsAnsweredAtOnce() throws IOException {
    for (String path : List.of("/api/prompts", "/v1/chat/completions")) {
      String answer =
          raw(
              "POST " + path + " HTTP/1.1",
              "Host: localhost",
              "Connection: close",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked",
              "",
              "0",
              "");
      assertTrue(answer.startsWith("http/1.1 400"), answer);
    }
  }

  private Socket unread(String request) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** More than there are workers. */
  @Test
  void bytesThatAreAskedForAndNotTakenHoldNobodyUp() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        String weights = "GET /api/models/opml-tiny/weights HTTP/1.1\r\nHost: localhost\r\n\r\n";
        slow.add(unread(weights.repeat(4))); // one alone fits into what the system keeps
      }
      for (int i = 0; i < 10; i++) {
        String answer = raw("GET /api/chain HTTP/1.1", "Host: localhost");
        assertTrue(answer.startsWith("http/1.1 200"), answer);
        Thread.sleep(300);
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void aRequestWaitsUntilTheAnswersBeforeItAreTaken() throws Exception {
    String body = ASK.replace("\"x\"", "\"behind unread answers\"");
    String pages = "GET /api/models/opml-tiny/weights/pages?page=0&count=256 HTTP/1.1\r\n";
    String ask = "POST /api/prompts HTTP/1.1\r\nContent-Type: application/json\r\n";
    String last = "Host: localhost\r\nConnection: close\r\nContent-Length: " + body.length();
    String all = (pages + "Host: localhost\r\n\r\n").repeat(16) + ask + last + "\r\n\r\n" + body;
    try (Socket socket = unread(all)) {
      Thread.sleep(3000);
      assertFalse(asked("behind unread answers"), "sixteen answers of 1 MB nobody has read");
      assertTrue(socket.getInputStream().readAllBytes().length > 16 << 20);
      assertTrue(asked("behind unread answers"));
    }
  }

  private static boolean asked(String text) {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    return given().get("/api/prompts?limit=100").asString().contains(hex);
  }

  /** Each that waits is kept in memory, and a client that reads nothing lets them all wait. */
  @Test
  void ofOneConnectionOnlySoManyRequestsAreReadAhead() throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String ask = "GET /api/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(ask.repeat(60).getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int answers = all.split("HTTP/1.1 200 OK", -1).length - 1;
      assertTrue(answers > 32 && answers < 60, all);
      assertTrue(all.contains("HTTP/1.1 429"), all);
      assertTrue(all.contains("urn:opml:problem:too-many-requests"), all);
      assertTrue(all.contains("Retry-After: "), all);
    }
  }

  @Test
  void whatAClientSendsDoesNotForgeHeadersOrLogLines() throws IOException {
    String answer =
        raw(
            "GET /api/prompts/%0d%0aSet-Cookie:%20a=b HTTP/1.1",
            "Host: localhost", "X-Request-Id: a b<script>");
    assertTrue(answer.startsWith("http/1.1 404"), answer);
    assertFalse(answer.contains("\r\nset-cookie"), answer);
    assertFalse(answer.contains("<script>"), answer);
  }

  @Test
  void anEventIsOneLineWhateverTheTextIs() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Events events = new Events(out);
    String text = "a\n\nevent: done\ndata: {}\r\rid: 9\u2028\u0000";
    events.send("1", "token", java.util.Map.of("text", text));
    String sent = out.toString(StandardCharsets.UTF_8);
    assertEquals(3, sent.strip().lines().count(), sent);
    assertEquals(
        text,
        io.restassured.path.json.JsonPath.from(sent.substring(sent.indexOf("data: ") + 6))
            .getString("text"));
    assertThrows(IllegalArgumentException.class, () -> events.send("2", "token", "{\n}"));
  }

  @Test
  void anyTextComesBackAsItWas() {
    String text = "\u202e\ud83d\ude00\u0000\ufeff<script>alert(1)</script>\u2028";
    String body =
        Json.write(java.util.Map.of("model", "opml-tiny", "prompt", text, "maxTokens", 1));
    String id = given().contentType("application/json").body(body).post("/api/prompts").path("id");
    String input = given().get("/api/prompts/" + id).path("input");
    byte[] committed = opml.chain.Hex.bytes(input);
    assertEquals(text, new String(committed, 32, committed.length - 32, StandardCharsets.UTF_8));
  }

  @Test
  void errorsOfOneFormEverywhereTellNothingInside() {
    given().get("/api/nothing").then().statusCode(404).body(not(containsString("Exception")));
    given()
        .contentType("text/plain")
        .body(ASK)
        .post("/api/prompts")
        .then()
        .statusCode(415)
        .contentType("application/problem+json");
    String allowed = "DELETE, GET, HEAD, OPTIONS";
    given().put("/api/prompts/x").then().statusCode(405).header("Allow", equalTo(allowed));
    String reading = "GET, HEAD, OPTIONS";
    given().put("/v1/models/a/b").then().statusCode(405).header("Allow", equalTo(reading));
    given()
        .put("/v1/chat/completions")
        .then()
        .statusCode(405)
        .header("Allow", equalTo("OPTIONS, POST"))
        .contentType("application/json")
        .body("error.type", equalTo("invalid_request_error"));
  }

  /** One exchange without any library that would tidy it up; the answer in lower case. */
  private String raw(String... lines) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String head = String.join("\r\n", lines);
      String text =
          head.contains("\r\n\r\n") ? head + "\r\n" : head + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.toLowerCase(java.util.Locale.ROOT);
    }
  }
}
