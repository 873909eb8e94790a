package opml.receipt;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import opml.http.Client;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts by their words, their model and where they stand. */
@QuarkusTest
@QuarkusTestResource(World.class)
class SearchTest {
  @Inject EntityManager database;

  private static String receipt(Map<String, Object> body) throws Exception {
    String prompt =
        given().contentType("application/json").body(body).post("/api/prompts").path("id");
    Eventually.holds(
        "answered", () -> given().get("/api/prompts/" + prompt).path("receiptId") != null);
    return given().get("/api/prompts/" + prompt).path("receiptId");
  }

  private static String about(String text) throws Exception {
    return receipt(Map.of("model", "opml-tiny", "maxTokens", 12, "prompt", text));
  }

  private static void anchored(String id) throws Exception {
    Eventually.holds(
        "anchored", () -> "ANCHORED".equals(given().get("/api/receipts/" + id).path("status")));
  }

  private static ValidatableResponse list(String... parameters) {
    RequestSpecification request = given();
    for (int i = 0; i < parameters.length; i += 2) {
      request.queryParam(parameters[i], parameters[i + 1]);
    }
    return request.get("/api/receipts").then();
  }

  @Test
  void wordsAreFoundInQuestionAndAnswerInAnyOrderAndCase() throws Exception {
    Map<String, String> system = Map.of("role", "system", "content", "Quagga herds");
    Map<String, String> user = Map.of("role", "user", "content", "What is the capital of Peru?");
    String chat =
        receipt(Map.of("model", "opml-tiny", "maxTokens", 12, "messages", List.of(system, user)));
    String raw = about("Ein Äffchen sah das Quagga");
    list("text", "QUAGGA").statusCode(200).body("items.id", equalTo(List.of(raw, chat)));
    list("text", "peru  quagga capital").body("items.id", equalTo(List.of(chat)));
    list("text", "äffchen").body("items.id", equalTo(List.of(raw)));
    list("text", "quagga unicorn").body("items", empty()).body("next", equalTo(null));
    String answer = list("text", "quagga herds").extract().path("items[0].text");
    list("text", "herds " + answer).body("items.id", equalTo(List.of(chat)));
    list("text", "quagga", "limit", "1").body("items.id", equalTo(List.of(raw)));
  }

  @Test
  void searchesForWordsLeaveConnectionsToOthers() {
    List<Runnable> others = new ArrayList<>();
    for (String client : List.of("192.0.2.1", "192.0.2.2")) {
      others.add(Search.READERS.enter(Client.of(client)));
      others.add(Search.READERS.enter(Client.of(client)));
    }
    list("text", "quagga")
        .statusCode(503)
        .header("Retry-After", equalTo("2"))
        .body("type", endsWith("too-many-searches"));
    list().statusCode(200);
    others.forEach(Runnable::run);
    list("text", "quagga").statusCode(200);
  }

  @Test
  void oneClientDoesNotTakeAllSearches() {
    List<Runnable> mine = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      mine.add(Search.READERS.enter(Client.of("127.0.0.1")));
    }
    list("text", "quagga").statusCode(429).body("type", endsWith("too-many-searches"));
    list().statusCode(200);
    mine.forEach(Runnable::run);
    list("text", "quagga").statusCode(200);
  }

  @Test
  void modelAndStateAreLookedUpAndGoWithWords() throws Exception {
    String mine = about("An okapi of one model");
    String other = about("An okapi of another");
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              Receipt row = Receipt.findById(opml.http.Hex.bytes(other));
              row.model = "okapi";
            });
    list("model", "okapi").body("items.id", equalTo(List.of(other)));
    list("model", "opml-tiny", "text", "okapi").body("items.id", equalTo(List.of(mine)));
    list("model", "nobody").body("items", empty());
    anchored(mine);
    list("status", "ANCHORED")
        .body("items.id", hasItem(mine))
        .body("items.status", everyItem(equalTo("ANCHORED")));
    list("status", "OVERTURNED").body("items.id", not(hasItem(mine)));
    list("status", "OVERTURNED", "text", "okapi").body("items", empty());
  }

  /** Copies of one receipt, older than all: more of them than one request reads. */
  @Test
  void aSearchReadsSoManyAndSaysWhereToGoOn() throws Exception {
    String first = about("A lonely dodo");
    anchored(first);
    int copies = Search.READ + 5;
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                database
                    .createNativeQuery(
                        "insert into receipt (id, prompt_id, model, model_id, input, output,"
                            + " input_hash, output_hash, operators, h, deadline, proposer,"
                            + " signature, anchor_root, leaf_index, branch, status, created_at) select sha256(id || int4send(n)),"
                            + " prompt_id, 'copies', model_id, decode(repeat('00', 32), 'hex'),"
                            + " output, input_hash, output_hash, operators, h, deadline, proposer,"
                            + " signature, anchor_root, leaf_index, branch, 'OVERTURNED',"
                            + " created_at from receipt,"
                            + " generate_series(1, ?2) n where id = ?1")
                    .setParameter(1, opml.http.Hex.bytes(first))
                    .setParameter(2, copies)
                    .executeUpdate());
    try {
      List<String> found = new ArrayList<>();
      String cursor = list("text", "lonely dodo").body("items", empty()).extract().path("next");
      assertNotNull(cursor, "the search is not at its end");
      for (int pages = 0; cursor != null && found.isEmpty(); pages++) {
        assertEquals(0, pages, "the second request comes to the rest");
        ValidatableResponse page = list("text", "lonely dodo", "cursor", cursor);
        found.addAll(page.extract().path("items.id"));
        cursor = page.extract().path("next");
      }
      assertEquals(List.of(first), found);
      assertNull(list("text", "dodo unicorn", "model", "nobody").extract().path("next"));
    } finally {
      QuarkusTransaction.requiringNew().run(() -> Receipt.delete("model", "copies"));
    }
  }

  @ParameterizedTest
  @CsvSource({"status, nothing", "status, anchored", "limit, 0", "cursor, x"})
  void whatCannotBeLookedForIsTold(String field, String value) {
    list(field, value)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("field", equalTo(field));
  }

  @Test
  void aTextIsNoLongerThanABoxAndANameHasNoZero() {
    list("model", "a\0").statusCode(400).body("field", equalTo("model"));
    list("text", "x".repeat(201)).statusCode(400).body("field", equalTo("text"));
  }
}
