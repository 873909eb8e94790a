package opml.games;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import opml.dispute.Lie;
import opml.http.Client;
import opml.http.Operator;
import opml.http.Problem;
import opml.world.World;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(UnloadedDemonstrationTest.Own.class)
class UnloadedDemonstrationTest {
  /** Own application: afterwards it has no model. */
  public static final class Own implements QuarkusTestProfile {}

  @Inject Demonstration demonstration;

  @ConfigProperty(name = "opml.home")
  Path home;

  private void unload() {
    try {
      given()
          .header("Authorization", Operator.authorization(home))
          .delete("/api/models/opml-tiny")
          .then()
          .statusCode(204);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoAskedIsToldThatTheModelIsGone() {
    Client client = new Client("one");
    Problem told =
        assertThrows(
            Problem.class,
            // it has its turn by then, and has not begun
            () -> demonstration.start(true, Lie.OUTPUT, client, leave -> unload()));
    assertEquals("no-model", told.slug());
    assertEquals(503, told.status());
    given()
        .contentType("application/json")
        .body("{\"liar\":\"proposer\",\"lie\":\"output\"}")
        .post("/api/demo")
        .then()
        .statusCode(503)
        .body("type", equalTo("urn:opml:problem:no-model"));
  }
}
