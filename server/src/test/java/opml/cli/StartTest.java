package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import opml.http.LocalPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code opml start} refuses before it starts anything. */
class StartTest {
  @TempDir Path home;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void redirect() {
    System.setProperty("opml.home", home.toString());
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    System.clearProperty("opml.home");
  }

  private void assertRefused(int code, String words, String... options) {
    err.reset();
    String[] arguments = new String[options.length + 1];
    arguments[0] = "start";
    System.arraycopy(options, 0, arguments, 1, options.length);
    assertEquals(code, Main.run(arguments));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("opml: " + words), said);
  }

  @Test
  void whatIsWrongIsNamedWithItsOption() throws IOException {
    assertRefused(
        2,
        "--roles names 'foo': use some of [api, inference, proposer, validator, indexer]",
        "--roles",
        "api,foo");
    assertRefused(2, "--port is 99999: give 1 to 65535", "--port", "99999");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(2, "--port " + port + " is taken", "--port", port);
    }
    try (Stream<Path> begun = Files.list(home)) {
      assertEquals(0, begun.count());
    }
  }

  @Test
  void aHomeThatIsNoFolderIsNamedWithItsRemedy() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");
    System.setProperty("opml.home", file.toString());
    assertRefused(
        1,
        file.resolve("chain") + " can't be written (" + file,
        "--port",
        Integer.toString(LocalPort.free()));
  }
}
