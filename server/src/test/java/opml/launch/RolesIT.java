package opml.launch;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import opml.http.LocalPort;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes share the roles, one database and one chain: one serves, the other works. */
class RolesIT {
  private final World world = new World();
  private Map<String, String> settings;
  private Server serving;
  private Server working;

  @BeforeEach
  void start() {
    settings = world.start();
  }

  @AfterEach
  void stop() {
    serving.close();
    working.close();
    world.stop();
  }

  private static String freeAddress() throws IOException {
    return "http://127.0.0.1:" + LocalPort.free();
  }

  private Server run(String roles, String address) throws InterruptedException {
    Map<String, String> own = new HashMap<>(settings);
    own.put("opml.roles", roles);
    own.put("quarkus.http.port", address.substring(address.lastIndexOf(':') + 1));
    Server server = Server.start(Path.of("..").toAbsolutePath().normalize(), own);
    assertTrue(server.await(address + "/q/health/ready"), roles + " did not get ready");
    return server;
  }

  @Test
  void whatOneProcessTakesTheOtherAnswersAndAnchors() throws Exception {
    String api = freeAddress();
    serving = run("api", api);
    String id =
        given()
            .contentType("application/json")
            .body("{\"model\":\"opml-tiny\",\"prompt\":\"What is 2 + 3?\",\"maxTokens\":8}")
            .post(api + "/api/prompts")
            .path("id");
    given()
        .contentType("application/json")
        .body("{\"liar\":\"proposer\",\"lie\":\"output\"}")
        .post(api + "/api/demo")
        .then()
        .statusCode(503)
        .body("detail", containsString("in this process"));

    String work = freeAddress();
    working = run("inference,proposer,validator,indexer", work);
    for (String path : new String[] {"/", "/api/prompts/" + id, "/v1/models", "/openapi"}) {
      given().get(work + path).then().statusCode(404);
    }
    for (String path : new String[] {"/api/chain", "/openapi", "/q/swagger-ui/"}) {
      given().get(work + path).then().body("type", equalTo("urn:opml:problem:no-api"));
    }
    given().get(work + "/q/nothing").then().body("detail", containsString("has /q/health"));
    Eventually.holds(
        "answered elsewhere",
        () -> "DONE".equals(given().get(api + "/api/prompts/" + id).path("status")));
    String receipt = given().get(api + "/api/prompts/" + id).path("receiptId");
    Eventually.holds(
        "anchored elsewhere",
        () -> "ANCHORED".equals(given().get(api + "/api/receipts/" + receipt).path("status")));
  }
}
