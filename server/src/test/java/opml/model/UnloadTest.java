package opml.model;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import opml.chain.Claim;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.MemoryJournal;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.http.Operator;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
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

  @Inject Parties parties;
  @Inject Models models;

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
    String state = "/api/games/" + gameThatIsOver() + "/operators/0";
    Eventually.holds("replayed", () -> given().get(state).statusCode() == 200);
    Path replaced = Files.createDirectories(home.resolve("models/.removed-opml-tiny+1"));
    Eventually.holds("its window is over", () -> unload() == 204);
    assertEquals(0, mappings());
    assertFalse(Files.exists(replaced), "what could not be deleted while it was mapped");
    given().get("/api/models/opml-tiny").then().statusCode(404);
    given()
        .contentType("application/json")
        .body("{\"model\":\"opml-tiny\",\"prompt\":\"x\"}")
        .post("/api/prompts")
        .then()
        .statusCode(404);
    given().get("/q/health/ready").then().statusCode(503);
    given().get(state).then().statusCode(503).body("type", equalTo("urn:opml:problem:no-trace"));
  }

  /** About bytes that no state can hold: lost when it is opened, and nothing of it stays open. */
  private String gameThatIsOver() {
    Sender liar = new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    Model model = models.named("opml-tiny");
    byte[] input = Request.ask("Is it open?", 4).encode();
    byte[] output = new byte[15];
    String who = liar.account();
    byte[] salt = new byte[32];
    Claim claim = new Claim(model.id(), Keccak.hash(input), Keccak.hash(output), 1, who, who, salt);
    liar.send("claim", dispute.create(claim, dispute.terms().claimBond()));
    BigInteger bond = dispute.terms().challengeBond();
    liar.send("open", dispute.open(claim, model.onChain(), input, output, salt, who, bond));
    return Hex.of(new GameKey(claim.id(), who, salt).id());
  }
}
