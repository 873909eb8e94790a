package opml.prompt;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** Prompts run in several slots: each answer is what it is alone. */
@QuarkusTest
@QuarkusTestResource(World.class)
class SeveralAtOnceTest {
  private static String body(String text, int tokens) {
    return "{\"model\":\"opml-tiny\",\"maxTokens\":" + tokens + ",\"prompt\":\"" + text + "\"}";
  }

  private static String submit(String text, int tokens) {
    return given()
        .contentType("application/json")
        .body(body(text, tokens))
        .post("/api/prompts")
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }

  /** What a receipt says of an answer, but for its time. */
  private record Said(
      String text, String operators, List<Integer> tokens, String input, String output, int h) {
    static Said of(String id) throws Exception {
      Eventually.holds("answered " + id, () -> PromptsResourceTest.status(id).equals("DONE"));
      JsonPath prompt = given().get("/api/prompts/" + id).jsonPath();
      String at = "/api/receipts/" + prompt.getString("receiptId");
      JsonPath receipt = given().get(at).jsonPath();
      return new Said(
          prompt.getString("text"),
          prompt.getString("operators"),
          prompt.getList("completionTokenIds"),
          receipt.getString("inputHash"),
          receipt.getString("outputHash"),
          receipt.getInt("h"));
    }
  }

  @Test
  void answersAndReceiptsAreThoseOfPromptsAlone() throws Exception {
    List<Said> alone = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      alone.add(Said.of(submit(text(i), 20 + 10 * i)));
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(submit(text(i), 20 + 10 * i));
    }
    for (int i = 0; i < 6; i++) {
      assertEquals(alone.get(i), Said.of(ids.get(i)));
    }
  }

  private static String text(int i) {
    return "Once there were " + i + " foxes in a wood. ".repeat(1 + i % 3 * 3) + "One day";
  }

  @Test
  void streamsOfSeveralPromptsGiveEachItsOwnText() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(submit("Tell a tale of " + i + " bears.", 60));
    }
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> streams = new ArrayList<>();
      for (String id : ids) {
        String at = "/api/prompts/" + id + "/events";
        streams.add(readers.submit(() -> given().get(at).asString()));
      }
      for (int i = 0; i < ids.size(); i++) {
        String events = streams.get(i).get();
        assertTrue(events.contains("event: done"), events);
        String text = given().get("/api/prompts/" + ids.get(i)).path("text");
        assertEquals(text, PromptsResourceTest.tokens(events));
      }
    }
  }

  @Test
  void oneOfSeveralIsCancelledAndTheOthersGoOn() throws Exception {
    Eventually.holds("cancelled while it ran", this::cancelledInTheMiddle);
  }

  private boolean cancelledInTheMiddle() throws Exception {
    String other = submit("The sea was", 40);
    PromptsResourceTest.Asked asked =
        PromptsResourceTest.submit(
            body("Once there was a fox who had friends. One day the fox", 400));
    String id = asked.id();
    Eventually.holds("taken", () -> !PromptsResourceTest.status(id).equals("QUEUED"));
    given()
        .header("Opml-Stop-Token", asked.stopToken())
        .delete("/api/prompts/" + id)
        .then()
        .statusCode(204);
    Said.of(other);
    JsonPath now = given().get("/api/prompts/" + id).jsonPath();
    if (now.getString("status").equals("DONE")) {
      return false; // a fast machine had answered it already
    }
    assertEquals("CANCELLED", now.getString("status"));
    assertNull(now.getString("receiptId"));
    return true;
  }

  @Test
  void slotsAreShownToOperators() {
    given()
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("opml_inference_slots 4.0"))
        .body(containsString("opml_inference_running "))
        .body(containsString("opml_inference_shared_tokens_total "));
  }
}
