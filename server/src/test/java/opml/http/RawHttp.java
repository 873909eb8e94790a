package opml.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests byte by byte, as no client library sends them. */
final class RawHttp {
  static final String ASK = "GET /api/models HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private RawHttp() {}

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** All that comes until the server closes the connection. */
  static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** One answer to {@link #ASK}, of a connection that stays open. */
  static void answered(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    while (read.indexOf("\"next\":null}") < 0) {
      int next = in.read();
      assertTrue(next >= 0, read::toString);
      read.append((char) next);
    }
    assertTrue(read.indexOf("HTTP/1.1 200") == 0, read::toString);
  }
}
