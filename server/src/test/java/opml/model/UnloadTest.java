package opml.model;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import opml.http.Operator;
import opml.world.Eventually;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(UnloadTest.Own.class)
class UnloadTest {
  /** Own application: afterwards it has no model. */
  public static final class Own implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("opml.receipt.window", "5s");
    }
  }

  @ConfigProperty(name = "opml.home")
  Path home;

  private long mappings() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(home + "/models/opml-tiny/weights")).count();
    }
  }

  private int unload() throws Exception {
    return given()
        .header("Authorization", Operator.authorization(home))
        .delete("/api/models/opml-tiny")
        .statusCode();
  }

  @Test
  void aModelIsClosedWhenNothingOfItIsOpenAndItsMemoryIsGivenBack() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "mappings are read from /proc");
    assertTrue(mappings() > 0, "mapped while it is open");
    given().delete("/api/models/opml-tiny").then().statusCode(401);
    String id =
        given()
            .contentType("application/json")
            .body("{\"model\":\"opml-tiny\",\"maxTokens\":300,\"prompt\":\"A long tale\"}")
            .post("/api/prompts")
            .path("id");
    given()
        .header("Authorization", Operator.authorization(home))
        .delete("/api/models/opml-tiny")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:opml:problem:model-in-use"))
        .body("detail", containsString("prompts without an answer"));
    Eventually.holds(
        "answered", () -> "DONE".equals(given().get("/api/prompts/" + id).path("status")));
    assertEquals(409, unload(), "its receipt can be challenged");
    Eventually.holds("its window is over", () -> unload() == 204);
    assertEquals(0, mappings());
    given().get("/api/models/opml-tiny").then().statusCode(404);
    given()
        .contentType("application/json")
        .body("{\"model\":\"opml-tiny\",\"prompt\":\"x\"}")
        .post("/api/prompts")
        .then()
        .statusCode(404);
    given().get("/q/health/ready").then().statusCode(503);
  }
}
