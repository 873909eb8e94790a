package opml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import opml.http.LocalPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code opml start} refuses before it starts anything. */
class StartTest {
  @RegisterExtension final Terminal terminal = new Terminal();

  private void assertRefused(int code, String words, String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "start";
    System.arraycopy(options, 0, arguments, 1, options.length);
    String said = terminal.refused(code, arguments);
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
    try (Stream<Path> begun = Files.list(terminal.home())) {
      assertEquals(0, begun.count());
    }
  }

  @Test
  void aHomeThatIsNoFolderIsNamedWithItsRemedy() throws IOException {
    Path file = Files.writeString(terminal.home().resolve("file"), "");
    System.setProperty("opml.home", file.toString());
    assertRefused(
        1,
        file.resolve("chain") + " can't be written (" + file,
        "--port",
        Integer.toString(LocalPort.free()));
  }

  /** Behind answers stand bonds: the weights are looked at whole, which opening does not do. */
  @Test
  void weightsThatHaveLostABitAreNotServed() throws IOException {
    terminal.json("model", "import", "opml-tiny", "--no-gate", "--json");
    Path weights = terminal.home().resolve("models/opml-tiny/weights.bin");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    assertRefused(
        1,
        weights.getParent() + " is damaged (weights from byte ",
        "--model",
        "opml-tiny",
        "--port",
        Integer.toString(LocalPort.free()));
  }
}
