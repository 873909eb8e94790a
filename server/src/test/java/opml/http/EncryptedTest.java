package opml.http;

import static opml.http.RawHttp.ASK;
import static opml.http.RawHttp.answered;
import static opml.http.RawHttp.rest;
import static opml.http.RawHttp.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** What holds of connections in clear text holds where the server does TLS itself. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(EncryptedTest.Encrypted.class)
class EncryptedTest {
  private static final String PASSWORD = "of a test";
  private static final Path KEYS = Path.of("target/localhost.p12").toAbsolutePath();

  /** With a certificate that nobody has signed. */
  public static final class Encrypted implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Files.deleteIfExists(KEYS);
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made =
            new ProcessBuilder(
                    tool,
                    "-genkeypair",
                    "-alias",
                    "localhost",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    KEYS.toString(),
                    "-storepass",
                    PASSWORD)
                .inheritIO()
                .start();
        assertEquals(0, made.waitFor());
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Map.of(
          "opml.http.headers-timeout", "2s",
          "opml.http.keep-alive", "6s",
          "quarkus.http.test-ssl-port", "0",
          "quarkus.http.ssl.certificate.key-store-file", KEYS.toString(),
          "quarkus.http.ssl.certificate.key-store-password", PASSWORD);
    }
  }

  @TestHTTPResource(tls = true)
  URI address;

  private Socket plain() throws IOException {
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private Socket connect() throws Exception {
    KeyStore keys = KeyStore.getInstance(KEYS.toFile(), PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Socket socket =
        context
            .getSocketFactory()
            .createSocket(plain(), address.getHost(), address.getPort(), true);
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Test
  void headersThatDoNotComeAreNotWaitedFor() throws Exception {
    try (Socket first = connect();
        Socket later = connect()) {
      send(first, ASK.substring(0, 20));
      send(later, ASK);
      answered(later);
      send(later, ASK.substring(0, 20));
      for (Socket socket : new Socket[] {first, later}) {
        String answer = rest(socket);
        assertTrue(answer.contains("urn:opml:problem:slow-headers"), answer);
      }
    }
  }

  @Test
  void aConnectionOnWhichNothingIsAskedEnds() throws Exception {
    try (Socket silent = connect();
        Socket kept = connect()) {
      send(silent, "\r\n");
      send(kept, ASK);
      answered(kept);
      assertEquals("", rest(silent));
      assertEquals("", rest(kept));
    }
  }

  @Test
  void aConnectionEndsWithTheAnswerToARequestThatIsNotReadWhole() throws Exception {
    try (Socket socket = connect()) {
      String head =
          "POST /api/prompts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n";
      send(socket, head + "x".repeat(4_000_000));
      String answer = rest(socket);
      assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    }
  }

  @Test
  void ofOneConnectionOnlySoManyRequestsAreReadAhead() throws Exception {
    try (Socket socket = connect()) {
      send(socket, ASK.repeat(60));
      String all = rest(socket);
      assertTrue(all.contains("urn:opml:problem:too-many-requests"), all);
    }
  }

  @Test
  void aHandshakeThatDoesNotComeToItsEndIsNotWaitedFor() throws Exception {
    try (Socket silent = plain();
        Socket begun = plain()) {
      byte[] hello = {0x16, 3, 1, 2, 0, 1};
      begun.getOutputStream().write(hello);
      assertEquals("", rest(silent));
      assertEquals("", rest(begun));
    }
  }
}
