package opml.model;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import opml.cli.Main;
import opml.http.Json;
import opml.http.Operator;
import opml.world.Eventually;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Bits have flipped in the weights that the engine reads: the audit must find it and say so. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(HaltTest.BrokenMemory.class)
class HaltTest {
  /** Own application: its models lie. */
  public static final class BrokenMemory implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(CorruptedModels.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "quarkus.arc.exclude-types", Models.class.getName(),
          "opml.audit.operators", "8",
          "opml.metrics.every", "1s");
    }
  }

  @TestHTTPResource URI server;

  @ConfigProperty(name = "opml.home")
  Path home;

  private static ValidatableResponse post(int number) {
    String body =
        "{\"model\":\"opml-tiny\",\"maxTokens\":40,\"prompt\":\"Tale " + number + " of a fox\"}";
    return given().contentType("application/json").body(body).post("/api/prompts").then();
  }

  private static String ended(String id) throws Exception {
    Eventually.holds(
        "ended " + id,
        () -> {
          String status = given().get("/api/prompts/" + id).path("status");
          return !status.equals("QUEUED") && !status.equals("RUNNING");
        });
    return given().get("/api/prompts/" + id).path("status");
  }

  /** Asks until an audit finds the fault; what it finds, no receipt may say. */
  private static String halted() throws Exception {
    for (int i = 0; ; i++) {
      ValidatableResponse posted = post(i);
      posted.statusCode(202);
      String id = posted.extract().path("id");
      if (ended(id).equals("FAILED")) {
        given()
            .get("/api/prompts/" + id)
            .then()
            .body("error", containsString("The audit halted opml-tiny"))
            .body("receiptId", nullValue());
        return id;
      }
    }
  }

  @Test
  void aMismatchStopsTheModelUntilItsOperatorResumesIt() throws Exception {
    given().get("/q/health/ready").then().statusCode(200);
    halted();
    post(1).statusCode(503).body("type", equalTo("urn:opml:problem:model-halted"));
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(503)
        .body("checks.find { it.name == 'models' }.data.halted", equalTo("opml-tiny"));
    given()
        .get("/api/models/opml-tiny")
        .then()
        .body("halted.reason", containsString("is not as in the VM"))
        .body("halted.haltedAt", notNullValue());
    Eventually.holds(
        "metrics", () -> given().get("/q/metrics").asString().contains("opml_models_halted 1.0"));
    assertTrue(given().get("/q/metrics").asString().contains("opml_audit_mismatches_total 1.0"));

    given().delete("/api/models/opml-tiny/halt").then().statusCode(401);
    given()
        .header("Authorization", "Bearer 00")
        .delete("/api/models/opml-tiny/halt")
        .then()
        .statusCode(401)
        .body("type", equalTo("urn:opml:problem:operator-only"));
    post(2).statusCode(503);
    operator().delete("/api/models/opml-tiny/halt").then().statusCode(204);
    given().get("/api/models").then().body("items.halted", hasItem(nullValue()));
    given().get("/q/health/ready").then().statusCode(200);
    halted(); // memory is as broken as before
    JsonNode resumed = operated("resume");
    assertEquals("opml-tiny", resumed.path("name").asText());
    assertFalse(resumed.path("halted").asBoolean(true));
  }

  /** By the command, which reads the key in the home folder. */
  private JsonNode operated(String command) throws Exception {
    String url = "http://" + server.getAuthority();
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setProperty("opml.home", home.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, Main.run("model", command, "opml-tiny", "--server", url, "--json"));
    } finally {
      System.setOut(before);
      System.clearProperty("opml.home");
    }
    return Json.tree(out.toString(StandardCharsets.UTF_8));
  }

  private io.restassured.specification.RequestSpecification operator() throws Exception {
    return given().header("Authorization", Operator.authorization(home));
  }

  @Test
  void theKeyIsTheOperatorsAlone() throws Exception {
    assertEquals(
        Set.of(
            java.nio.file.attribute.PosixFilePermission.OWNER_READ,
            java.nio.file.attribute.PosixFilePermission.OWNER_WRITE),
        Files.getPosixFilePermissions(home.resolve("operator.key")));
    assertFalse(Operator.authorization(home).contains("\n"));
  }
}
