package opml.http;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** docs/openapi.yaml against the server: what it says is served, what is served it says. */
@QuarkusTest
@QuarkusTestResource(World.class)
class OpenApiTest {
  private static final String ASK = "{\"model\":\"opml-tiny\",\"maxTokens\":2,\"prompt\":\"x\"}";
  private static final String CHAT =
      "{\"model\":\"opml-tiny\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
  private static final String TEXT = "{\"model\":\"opml-tiny\",\"max_tokens\":2,\"prompt\":\"x\"}";
  private static final String DEMO = "{\"liar\":\"proposer\",\"lie\":\"instruction\"}";
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private JsonNode api;

  @BeforeEach
  void describe() {
    api = Json.tree(given().accept("application/json").get("/openapi").asString());
  }

  @Test
  void theFileInDocsIsWhatTheServerSays() throws Exception {
    String served = given().accept("application/yaml").get("/openapi").asString();
    String kept = Files.readString(Path.of("../docs/openapi.yaml"));
    Yaml yaml = new Yaml(); // the order of keys is no difference
    assertEquals(
        yaml.<Object>load(served),
        yaml.<Object>load(kept),
        "docs/openapi.yaml is stale: write the answer of GET /openapi over it");
  }

  @Test
  void everyOperationAnswersAsDescribedAndNoOtherMethodDoes() throws Exception {
    Map<String, String> ids = things();
    Map<String, String> bodies =
        Map.of(
            "/api/prompts", ASK,
            "/v1/chat/completions", CHAT,
            "/v1/completions", TEXT,
            "/api/demo", DEMO);
    TreeSet<String> paths = new TreeSet<>();
    api.get("paths").fieldNames().forEachRemaining(paths::add);
    assertTrue(paths.size() > 15, paths.toString());
    for (String path : paths) {
      for (String method : METHODS) {
        JsonNode operation =
            api.get("paths").get(path).get(method.toLowerCase(java.util.Locale.ROOT));
        String address = address(path, ids);
        if (operation == null) {
          Response refused = ask(null).request(Method.valueOf(method), address);
          assertEquals(405, refused.statusCode(), method + " " + path + " is not described");
        } else if (!path.equals("/api/events")) { // has no end: looked at below
          Response answer =
              ask(method.equals("POST") ? bodies.get(path) : null)
                  .header("Opml-Stop-Token", ids.get("stopToken"))
                  .request(Method.valueOf(method), address);
          boolean operators = path.startsWith("/api/models/") && method.equals("DELETE");
          assertEquals(operators, answer.statusCode() == 401, method + " " + path);
          described(method + " " + path, operation, answer, !operators);
          if (path.contains("{")) {
            String other = path.replaceAll("\\{.*?}", "0x1");
            described(path, operation, ask(null).request(Method.valueOf(method), other), false);
          }
        }
      }
    }
    assertNotNull(api.get("paths").get("/api/events").get("get").get("responses").get("200"));
  }

  @Test
  void everyOperationHasANameOfItsOwnAndSaysWhatItIsFor() {
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode path : api.get("paths")) {
      for (String method : METHODS) {
        JsonNode operation = path.path(method.toLowerCase(java.util.Locale.ROOT));
        if (!operation.isMissingNode()) {
          assertTrue(names.add(operation.path("operationId").asText()), operation.toString());
          assertTrue(operation.path("summary").asText().contains(" "), operation.toString());
          assertTrue(operation.path("tags").get(0).asText().matches("[a-z]+"));
        }
      }
    }
    assertTrue(names.size() > 20, names.toString());
  }

  @Test
  void errorsOfEveryPostAreDescribed() {
    for (String path :
        List.of("/api/prompts", "/v1/chat/completions", "/v1/completions", "/api/demo")) {
      JsonNode operation = api.get("paths").get(path).get("post");
      described(path, operation, ask("{").post(path), false);
      described(path, operation, ask("{\"model\":1}").post(path), false);
    }
    for (String path : List.of("/api/prompts", "/api/receipts", "/api/claims", "/api/games")) {
      JsonNode operation = api.get("paths").get(path).get("get");
      described(path, operation, given().get(path + "?limit=0"), false);
      described(path, operation, given().get(path + "?cursor=x"), false);
      described(path, operation, given().get(path + "?limit=1&cursor=9"), true);
    }
  }

  private static RequestSpecification ask(String body) {
    RequestSpecification request = given().redirects().follow(false);
    return body == null ? request : request.contentType("application/json").body(body);
  }

  /** Makes one of everything, so that real answers are compared. */
  private static Map<String, String> things() throws Exception {
    Map<String, String> ids = new HashMap<>();
    ids.put("/api/models", "opml-tiny");
    ids.put("/v1/models", "opml-tiny");
    ids.put("/api/games", ask(DEMO).post("/api/demo").path("gameId"));
    Response asked = ask(ASK).post("/api/prompts");
    ids.put("/api/prompts", asked.path("id"));
    ids.put("stopToken", asked.path("stopToken"));
    String prompt = "/api/prompts/" + ids.get("/api/prompts");
    Eventually.holds("answered", () -> given().get(prompt).path("receiptId") != null);
    ids.put("/api/receipts", given().get(prompt).path("receiptId"));
    String receipt = "/api/receipts/" + ids.get("/api/receipts");
    Eventually.holds("anchored", () -> given().get(receipt).path("anchor.block") != null);
    String game = "/api/games/" + ids.get("/api/games");
    Eventually.holds("played", () -> given().get(game).path("disputedStep") != null);
    ids.put("/api/claims", given().get(game).path("claimId"));
    return ids;
  }

  private static String address(String path, Map<String, String> ids) {
    int at = path.indexOf("/{");
    return at < 0
        ? path
        : path.replace("{id}", ids.get(path.substring(0, at)))
            .replace("{index}", "0")
            .replace("{operator}", "0")
            .replace("{region}", "state");
  }

  private void described(String what, JsonNode operation, Response answer, boolean good) {
    int status = answer.statusCode();
    String said = what + " answered " + status + ": " + answer.asString();
    assertEquals(good, status < 400, said);
    JsonNode responses = operation.get("responses");
    JsonNode response = responses.get(Integer.toString(status));
    if (response == null) {
      assertFalse(good, said + ", which is not described");
      response = responses.get("default");
    }
    String type = answer.contentType().replaceAll(";.*", "");
    JsonNode content = response.get("content");
    if (content == null) {
      assertEquals("", answer.asString(), said);
      return;
    }
    assertTrue(content.has(type), said + " as " + type + ", which is not described");
    if (type.endsWith("json")) {
      fits(what, content.get(type).get("schema"), Json.tree(answer.asString()));
    }
  }

  /** Every field there is described, with its type. */
  private void fits(String where, JsonNode given, JsonNode value) {
    JsonNode schema = given;
    while (schema.has("$ref")) {
      String[] steps = schema.get("$ref").asText().split("/");
      schema = api.get("components").get("schemas").get(steps[steps.length - 1]);
    }
    if (value.isNull()) {
      return;
    }
    String type = schema.path("type").asText();
    String said = where + " is " + value.getNodeType() + ", described as " + type;
    switch (type) {
      case "object" -> {
        assertTrue(value.isObject(), said);
        for (Iterator<Map.Entry<String, JsonNode>> i = value.fields(); i.hasNext(); ) {
          Map.Entry<String, JsonNode> field = i.next();
          JsonNode inner = schema.path("properties").get(field.getKey());
          assertNotNull(inner, where + "." + field.getKey() + " is not described");
          fits(where + "." + field.getKey(), inner, field.getValue());
        }
      }
      case "array" -> {
        assertTrue(value.isArray(), said);
        for (JsonNode item : value) {
          fits(where + "[]", schema.get("items"), item);
        }
      }
      case "string" -> assertTrue(value.isTextual(), said);
      case "integer" -> assertTrue(value.isIntegralNumber(), said);
      case "number" -> assertTrue(value.isNumber(), said);
      case "boolean" -> assertTrue(value.isBoolean(), said);
      default -> throw new AssertionError(where + " has no type: " + schema);
    }
  }
}
