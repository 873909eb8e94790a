package opml.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import opml.cli.Main;
import opml.http.Json;
import opml.http.LocalPort;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code ask} finds a real server process by the home folder, and no longer when it has stopped.
 */
class AskServerIT {
  private final World world = new World();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  private Path home;
  private Server server;
  private String address;

  @BeforeEach
  void start() throws Exception {
    Map<String, String> settings = world.start();
    home = Path.of(settings.get("opml.home"));
    settings.put("quarkus.http.port", Integer.toString(LocalPort.free()));
    address = "http://127.0.0.1:" + settings.get("quarkus.http.port");
    server = Server.start(Path.of("..").toAbsolutePath().normalize(), settings);
    assertTrue(server.await(address + "/q/health/ready"), "the server did not get ready");
    System.setProperty("opml.home", home.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(before);
    System.clearProperty("opml.home");
    server.close();
    world.stop();
  }

  private String run(int code, String... arguments) {
    out.reset();
    assertEquals(code, Main.run(arguments));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theServersAnswerIsThatOfThisMachineAndHasAReceipt() {
    assertEquals(address, RunningServer.find(home).orElseThrow().url());
    JsonNode served = Json.tree(run(0, "ask", "What is 2 + 3?", "--json"));
    String[] alone = {
      "ask", "What is 2 + 3?", "--json", "--model", "opml-tiny", "--server", "none"
    };
    JsonNode local = Json.tree(run(0, alone));
    assertTrue(local.get("receipt").isNull());
    for (String same :
        new String[] {"text", "finishReason", "modelId", "promptTokens", "completionTokens"}) {
      assertEquals(local.get(same), served.get(same), same);
    }
    JsonNode receipt = served.get("receipt");
    assertTrue(receipt.get("id").asText().matches("0x[0-9a-f]{64}"));
    assertTrue(receipt.get("signature").asText().matches("0x[0-9a-f]{130}"));
    String id = receipt.get("id").asText();
    assertEquals(address + "/receipts/" + id, receipt.get("page").asText());
    JsonNode checked = Json.tree(run(0, "receipt", "check", id, "--json"));
    assertTrue(checked.get("right").booleanValue());
    assertEquals(local.get("text"), checked.get("text"));
    assertEquals("", run(2, "receipt", "challenge", id), "the server's account is in use");
    String text = run(0, "ask", "What is 2 + 3?");
    assertEquals(local.get("text").asText() + System.lineSeparator(), text, "streamed");
    assertEquals("", run(2, "ask", "x", "--max-tokens", "1000000"));
    assertEquals("", run(2, "ask", "x", "--model", "nothing", "--server", address));
    server.close();
    assertFalse(Files.exists(home.resolve("server.json")));
    assertTrue(Json.tree(run(0, alone)).get("receipt").isNull());
  }
}
