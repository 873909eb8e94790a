package opml.launch;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import opml.chain.Hex;
import opml.cli.Main;
import opml.http.LocalPort;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model that the audit has halted stays halted in the next process, until its operator says. */
class HaltedServerIT {
  private static final String REASON = "operator 7: the page at 0x1000 is not as in the VM";

  private final World world = new World();
  private Map<String, String> settings;
  private Server server;
  private String address;

  @BeforeEach
  void start() throws Exception {
    settings = world.start();
    settings.put("quarkus.http.port", Integer.toString(LocalPort.free()));
    address = "http://127.0.0.1:" + settings.get("quarkus.http.port");
    System.setProperty("opml.home", settings.get("opml.home"));
    run("/q/health/ready");
  }

  @AfterEach
  void stop() throws IOException {
    System.clearProperty("opml.home");
    server.close();
    world.stop();
  }

  private void run(String health) throws InterruptedException {
    server = Server.start(Path.of("..").toAbsolutePath().normalize(), settings);
    assertTrue(server.await(address + health), "the server did not start");
  }

  private ValidatableResponse ask() {
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":8,\"prompt\":\"A tale\"}";
    return given().contentType("application/json").body(body).post(address + "/api/prompts").then();
  }

  @Test
  void aHaltOutlivesTheProcessAndResumeEndsIt() throws Exception {
    auditFails();
    ask().statusCode(503).body("type", equalTo("urn:opml:problem:model-halted"));
    server.kill();
    run("/q/health/live");
    given().get(address + "/q/health/ready").then().statusCode(503);
    ask().statusCode(503).body("type", equalTo("urn:opml:problem:model-halted"));
    model().body("halted.reason", containsString(REASON));
    assertEquals(0, Main.run("model", "resume", "opml-tiny", "--server", address));
    model().body("halted", nullValue());
    given().get(address + "/q/health/ready").then().statusCode(200);
    String prompt = ask().statusCode(202).extract().path("id");
    Eventually.holds(
        "answered",
        () -> "DONE".equals(given().get(address + "/api/prompts/" + prompt).path("status")));
  }

  private ValidatableResponse model() {
    return given().get(address + "/api/models/opml-tiny").then();
  }

  /** What an audit that finds a difference leaves (HaltTest finds one; here memory is sound). */
  private void auditFails() throws Exception {
    String id = model().extract().path("modelId");
    try (var connection = DriverManager.getConnection(settings.get("quarkus.datasource.jdbc.url"));
        var insert =
            connection.prepareStatement(
                "insert into halt (model_id, model, reason, input, halted_at)"
                    + " values (?, 'opml-tiny', ?, ?, now())")) {
      insert.setBytes(1, Hex.bytes(id));
      insert.setString(2, REASON);
      insert.setBytes(3, new byte[32]);
      assertEquals(1, insert.executeUpdate());
    }
  }
}
