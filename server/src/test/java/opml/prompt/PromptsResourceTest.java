package opml.prompt;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(World.class)
class PromptsResourceTest {
  private static final String QUESTION =
      "{\"model\":\"opml-tiny\",\"maxTokens\":12,\"messages\":"
          + "[{\"role\":\"user\",\"content\":\"What is 2 plus 3?\"}]}";

  @Inject EntityManager database;

  record Asked(String id, String stopToken) {}

  static Asked submit(String body) {
    JsonPath accepted =
        given()
            .contentType("application/json")
            .body(body)
            .post("/api/prompts")
            .then()
            .statusCode(202)
            .extract()
            .jsonPath();
    return new Asked(accepted.getString("id"), accepted.getString("stopToken"));
  }

  static String status(String id) {
    return given().get("/api/prompts/" + id).then().statusCode(200).extract().path("status");
  }

  @Test
  void answersAndSignsAndAnchors() throws Exception {
    String id = submit(QUESTION).id();
    Eventually.holds("answered", () -> status(id).equals("DONE"));
    String receipt =
        given()
            .get("/api/prompts/" + id)
            .then()
            .body("text", notNullValue())
            .body("finishReason", matchesPattern("stop|length"))
            .body("tokensPerSecond", greaterThan(0f))
            .body("receiptId", matchesPattern("0x[0-9a-f]{64}"))
            .extract()
            .path("receiptId");
    Eventually.holds(
        "anchored",
        () -> "ANCHORED".equals(given().get("/api/receipts/" + receipt).path("status")));
    given()
        .get("/api/receipts/" + receipt)
        .then()
        .statusCode(200)
        .header("ETag", notNullValue())
        .body("id", equalTo(receipt))
        .body("anchor.transaction", matchesPattern("0x[0-9a-f]{64}"))
        .body("signature", matchesPattern("0x[0-9a-f]{130}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'nobody','prompt':'x'} | 404 | unknown-model",
        "{'prompt':'x'} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':''} | 400 | empty-prompt",
        "{'model':'opml-tiny','messages':[]} | 400 | empty-prompt",
        "{'model':'opml-tiny'} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','messages':[]} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','maxTokens':0} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','maxTokens':1000000} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','temperature':-1} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','temperature':2.5} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','temperature':0.001} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','topK':65} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','topP':0} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','seed':-1} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','seed':'18446744073709551616'} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'x','seed':1.5} | 400 | invalid-field",
        "{'model':'opml-tiny','prompt':'\\ud800'} | 400 | invalid-utf8",
        "{'model':'opml-tiny','messages':[{'role':'bard','content':'x'}]} | 400 | invalid-field",
        "{'model':'opml-tiny','maxTokens':'many','prompt':'x'} | 400 | invalid-json",
        "{'model': | 400 | invalid-json",
        "null | 400 | invalid-field",
      })
  void wrongFieldsAreNamedInProblems(String body, int status, String slug) {
    given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/api/prompts")
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:opml:problem:" + slug))
        .body("status", equalTo(status))
        .body("detail", notNullValue())
        .body("instance", equalTo("/api/prompts"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'model':'opml-tiny','prompt':'x','max_tokens':3} | /max_tokens | max_tokens is no field",
        "{'model':'opml-tiny','prompt':'x','maxTokens':'a'} | /maxTokens | must be a whole number",
        "{'model':'opml-tiny','messages':{}} | /messages | messages must be an array",
        "{'model':'opml-tiny','prompt':[]} | /prompt | prompt must be a string",
        "{'model':'opml-tiny','prompt':5} | /prompt | prompt must be a string",
        "{'model':'opml-tiny','prompt':true} | /prompt | prompt must be a string",
        "{'model':5,'prompt':'x'} | /model | model must be a string",
        "{'model':'opml-tiny','prompt':'x','maxTokens':'7'} | /maxTokens | must be a whole number",
        "{'model':'opml-tiny','prompt':'x','maxTokens':''} | /maxTokens | must be a whole number",
        "{'model':'opml-tiny','prompt':'x','maxTokens':true} | /maxTokens | must be a whole number",
        "{'model':'opml-tiny','prompt':'x','topK':2147483648} | /topK | at most 2147483647",
        "{'model':'opml-tiny','prompt':'x','temperature':'0.5'} | /temperature | must be a number",
        "{'model':'opml-tiny','prompt':'x','temperature':''} | /temperature | must be a number",
        "[] | '' | The body must be an object",
      })
  void whatIsNoFieldOrOfAnotherKindIsNamedInWords(String body, String field, String words) {
    given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/api/prompts")
        .then()
        .statusCode(400)
        .body("field", equalTo(field.replace("'", "")))
        .body("detail", containsString(words))
        .body("detail", not(containsString("opml.")));
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] body = "{\"model\":\"opml-tiny\",\"prompt\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '?' ? (byte) 0xc0 : body[i];
    }
    given()
        .contentType("application/json")
        .body(body)
        .post("/api/prompts")
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:opml:problem:invalid-utf8"));
  }

  @Test
  void promptsThatDoNotFitTheRegionAreRefused() {
    String body = "{\"model\":\"opml-tiny\",\"prompt\":\"" + "x".repeat(32_737) + "\"}";
    given()
        .contentType("application/json")
        .body(body)
        .post("/api/prompts")
        .then()
        .statusCode(413)
        .body("type", equalTo("urn:opml:problem:oversized-prompt"));
  }

  @Test
  void theSameKeyWithTheSameBodyIsTheSamePrompt() {
    String key = UUID.randomUUID().toString();
    Map<String, String> header = Map.of("Idempotency-Key", key);
    JsonPath first =
        given()
            .contentType("application/json")
            .headers(header)
            .body(QUESTION)
            .post("/api/prompts")
            .jsonPath();
    given()
        .contentType("application/json")
        .headers(header)
        .body(QUESTION)
        .post("/api/prompts")
        .then()
        .statusCode(202)
        .body("id", equalTo(first.getString("id")))
        .body("stopToken", equalTo(first.getString("stopToken")));
    given()
        .contentType("application/json")
        .headers(header)
        .body(QUESTION.replace('3', '4'))
        .post("/api/prompts")
        .then()
        .statusCode(422)
        .body("type", equalTo("urn:opml:problem:idempotency-key-reused"));
  }

  @Test
  void eventsGoOnWhereAReaderLeft() {
    String id = submit(QUESTION.replace("12", "8")).id();
    String whole =
        given()
            .get("/api/prompts/" + id + "/events")
            .then()
            .statusCode(200)
            .contentType(startsWith("text/event-stream"))
            .extract()
            .asString();
    assertTrue(whole.contains("event: phase\ndata: {\"phase\":"), whole);
    assertTrue(whole.contains("id: end\nevent: done\n"), whole);
    String text = given().get("/api/prompts/" + id).path("text");
    String rest =
        given().header("Last-Event-ID", "3").get("/api/prompts/" + id + "/events").asString();
    assertEquals(text.substring(3), tokens(rest));
    assertEquals(text, tokens(whole));
    given()
        .header("Last-Event-ID", "end")
        .get("/api/prompts/" + id + "/events")
        .then()
        .statusCode(204);
  }

  static String tokens(String events) {
    StringBuilder text = new StringBuilder();
    for (String event : events.split("\n\n")) {
      if (event.contains("event: token")) {
        String data = event.substring(event.indexOf("data: ") + 6);
        text.append(JsonPath.from(data).getString("text"));
      }
    }
    return text.toString();
  }

  @Test
  void aCancelledPromptHasNoReceipt() {
    QuarkusTransaction.requiringNew().run(this::cancelledWhileNoAnswerCanBeStored);
  }

  /** So the last of more prompts than run at once waits, however fast the machine is. */
  private void cancelledWhileNoAnswerCanBeStored() {
    database.createNativeQuery("lock table receipt in share mode").executeUpdate();
    Asked last = null;
    for (int i = 0; i < 8; i++) {
      last = submit("{\"model\":\"opml-tiny\",\"maxTokens\":3,\"prompt\":\"Fox " + i + "\"}");
    }
    String other = submit("{\"model\":\"opml-tiny\",\"maxTokens\":3,\"prompt\":\"x\"}").stopToken();
    String at = "/api/prompts/" + last.id();
    given()
        .delete(at)
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:opml:problem:not-your-prompt"))
        .body("field", equalTo("Opml-Stop-Token"));
    for (String token : new String[] {"", "0x", other, last.id(), last.stopToken() + "0"}) {
      given().header("Opml-Stop-Token", token).delete(at).then().statusCode(403);
    }
    assertTrue(status(last.id()).matches("QUEUED|RUNNING"), "still to be answered");
    given().header("Opml-Stop-Token", last.stopToken()).delete(at).then().statusCode(204);
    given()
        .header("Opml-Stop-Token", last.stopToken())
        .delete("/api/prompts/" + UUID.randomUUID())
        .then()
        .statusCode(404);
    String id = last.id();
    JsonPath now = given().get("/api/prompts/" + id).jsonPath();
    assertEquals("CANCELLED", now.getString("status"));
    assertNull(now.getString("receiptId"));
  }

  @Test
  void aPageElsewhereCannotReachTheServerByItsOwnName() {
    given()
        .header("Host", "rebound.example")
        .get("/api/prompts")
        .then()
        .statusCode(421)
        .body("type", equalTo("urn:opml:problem:unknown-host"));
  }

  @Test
  void unknownAndMalformedIdsAreProblems() {
    given()
        .get("/api/prompts/" + UUID.randomUUID())
        .then()
        .statusCode(404)
        .body("type", equalTo("urn:opml:problem:unknown-prompt"));
    given()
        .get("/api/receipts/0x12")
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:opml:problem:malformed-hash"));
    given()
        .get("/api/receipts/0x" + "0".repeat(64))
        .then()
        .statusCode(404)
        .body("type", equalTo("urn:opml:problem:unknown-receipt"));
    given().get("/api/claims/0x" + "0".repeat(64)).then().statusCode(404);
    given().get("/api/games/0x" + "0".repeat(64)).then().statusCode(404);
    given().get("/api/receipts?limit=0").then().statusCode(400);
    given().get("/api/receipts?limit=ten").then().statusCode(400).body("field", equalTo("limit"));
    given().get("/api/receipts?cursor=x").then().statusCode(400);
    given().get("/api/nothing").then().statusCode(404);
  }

  @Test
  void modelsAndChainAndHealthAreShown() {
    given().get("/api/models").then().statusCode(200).body("items.name", hasItem("opml-tiny"));
    given()
        .get("/api/chain")
        .then()
        .statusCode(200)
        .body("chainId", equalTo("31337"))
        .header("Content-Security-Policy", notNullValue());
    given().get("/q/health").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/metrics").then().statusCode(200);
    given().get("/openapi").then().statusCode(200);
  }
}
