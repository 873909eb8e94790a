package opml.http;

import static opml.http.RawHttp.ASK;
import static opml.http.RawHttp.answered;
import static opml.http.RawHttp.rest;
import static opml.http.RawHttp.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Those that take their time, and those that take all connections. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(SlowClientsTest.Impatient.class)
class SlowClientsTest {

  /** Times that a test can wait for; reached from other addresses than loopback, too. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "opml.http.headers-timeout", "2s",
          "opml.http.keep-alive", "6s",
          "opml.http.connections-per-client", "4",
          "quarkus.http.host", "0.0.0.0");
    }
  }

  @TestHTTPResource URI address;

  private Socket connect(String host) throws IOException {
    Socket socket = new Socket(host, address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void slowly(Socket socket) throws Exception {
    String head = ASK.substring(0, 20) + "a".repeat(1000);
    for (int i = 0; i < head.length() && socket.getInputStream().available() == 0; i++) {
      send(socket, head.substring(i, i + 1));
      Thread.sleep(20);
    }
  }

  @Test
  void headersThatComeByteByByteAreNotWaitedFor() throws Exception {
    try (Socket socket = connect("127.0.0.1")) {
      slowly(socket);
      String answer = rest(socket);
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertTrue(answer.contains("urn:opml:problem:slow-headers"), answer);
    }
  }

  @Test
  void neitherAreThoseOfALaterRequest() throws Exception {
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, ASK);
      answered(socket);
      slowly(socket);
      assertTrue(rest(socket).contains("urn:opml:problem:slow-headers"), "later");
    }
  }

  @Test
  void aConnectionOnWhichNothingIsAskedEnds() throws IOException {
    try (Socket silent = connect("127.0.0.1");
        Socket kept = connect("127.0.0.1")) {
      send(kept, ASK);
      answered(kept);
      assertEquals("", rest(silent));
      assertEquals("", rest(kept));
    }
  }

  /** Some clients send one behind a body (RFC 9112 section 2.2). */
  @Test
  void anEmptyLineIsNoRequest() throws Exception {
    try (Socket silent = connect("127.0.0.1");
        Socket kept = connect("127.0.0.1")) {
      send(silent, "\r\n");
      send(kept, ASK);
      answered(kept);
      send(kept, "\r\n");
      Thread.sleep(3000);
      send(kept, ASK);
      answered(kept);
      assertEquals("", rest(silent));
      send(kept, "\r\n");
      assertEquals("", rest(kept));
    }
  }

  @Test
  void headersThatBeginInThePieceOfTheRequestBeforeHaveNoMoreTime() throws Exception {
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, ASK + ASK.substring(0, 20));
      answered(socket);
      assertTrue(rest(socket).contains("urn:opml:problem:slow-headers"), "in one piece");
    }
  }

  /** Before its body is there: nothing of it is waited for. */
  @ParameterizedTest
  @CsvSource({
    "POST /api/prompts, Content-Type: multipart/form-data, 415",
    "POST /api/prompts, Content-Encoding: gzip, 415",
    "POST /api/prompts, Expect: miracles, 417",
    "POST /api/prompts, Origin: https://evil.example, 403",
    "POST /api/prompts, Content-Length: 1000000, 413",
    "POST /%zz, Accept: */*, 400",
    "GET /api/models, Accept: */*, 200",
    "GET /api/nothing, Accept: */*, 404",
    "HEAD /, Accept: */*, 200"
  })
  void aConnectionEndsWithTheAnswerToARequestThatIsNotReadWhole(
      String ask, String header, int status) throws IOException {
    String length = header.startsWith("Content-Length") ? "" : "Content-Length: 100\r\n";
    String head = ask + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n" + length;
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, head + "\r\n{");
      String answer = rest(socket);
      assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
      assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"), answer);
    }
  }

  /** It would hear of a reset alone if the connection were closed while it sends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n",
        "GET / HTTP/1.1\r\nX: ",
        "GET /",
        "XXX"
      })
  void whoSendsTooMuchHearsOfIt(String head) throws IOException {
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, head + "x".repeat(4_000_000));
      String answer = rest(socket);
      assertTrue(answer.contains("urn:opml:problem:"), answer);
    }
  }

  /** A stream on a connection that had another answer before. */
  @Test
  void anAnswerUnderWayIsNotCutOff() throws IOException {
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, ASK);
      answered(socket);
      send(socket, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      StringBuilder read = new StringBuilder();
      while (read.indexOf(": ping") == read.lastIndexOf(": ping")) { // the second in ten seconds
        int next = socket.getInputStream().read();
        assertTrue(next >= 0, read::toString);
        read.append((char) next);
      }
    }
  }

  @Test
  void aBodyHasATimeOfItsOwn() throws Exception {
    try (Socket socket = connect("127.0.0.1")) {
      String head = "POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      send(socket, head + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{");
      Thread.sleep(3000);
      send(socket, "}");
      assertTrue(rest(socket).contains("urn:opml:problem:invalid-field"), "read");
    }
  }

  @Test
  void oneClientHasOnlySoManyConnectionsThisMachineHasMore() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        open.add(connect("127.0.0.1"));
        send(open.getLast(), ASK);
        answered(open.getLast());
      }
      Optional<String> outside = outside();
      assumeTrue(outside.isPresent(), "this machine has no address but loopback");
      for (int i = 0; i < 4; i++) {
        open.add(connect(outside.get()));
        send(open.getLast(), ASK);
        answered(open.getLast());
      }
      try (Socket more = connect(outside.get())) {
        String answer = rest(more);
        assertTrue(answer.startsWith("HTTP/1.1 429"), answer);
        assertTrue(answer.contains("urn:opml:problem:too-many-connections"), answer);
      }
      open.getLast().close();
      try (Socket again = connect(outside.get())) {
        send(again, ASK);
        answered(again);
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static Optional<String> outside() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(one -> one instanceof java.net.Inet4Address && !one.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }
}
