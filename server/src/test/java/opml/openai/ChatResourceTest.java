package opml.openai;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(World.class)
class ChatResourceTest {
  private static final String ASK =
      "{\"model\":\"opml-tiny\",\"max_tokens\":8,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"What is 2 plus 3?\"}]";

  @TestHTTPResource URI server;

  @Test
  void aWholeCompletionHasOpenAiFieldsAndAReceipt() {
    given()
        .contentType("application/json")
        .body(ASK + "}")
        .post("/v1/chat/completions")
        .then()
        .statusCode(200)
        .header("Opml-Receipt", matchesPattern("0x[0-9a-f]{64}"))
        .body("id", startsWith("chatcmpl-"))
        .body("object", equalTo("chat.completion"))
        .body("created", notNullValue())
        .body("model", equalTo("opml-tiny"))
        .body("choices[0].index", equalTo(0))
        .body("choices[0].message.role", equalTo("assistant"))
        .body("choices[0].message.content", notNullValue())
        .body("choices[0].finish_reason", matchesPattern("stop|length"))
        .body("usage.prompt_tokens", notNullValue())
        .body("opml.receiptId", matchesPattern("0x[0-9a-f]{64}"))
        .body("opml.h", notNullValue());
  }

  @Test
  void chunksAddUpToTheWholeAnswer() {
    String whole =
        given()
            .contentType("application/json")
            .body(ASK + "}")
            .post("/v1/chat/completions")
            .path("choices[0].message.content");
    String stream =
        given()
            .contentType("application/json")
            .header("Accept", "application/json")
            .body(ASK + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
            .post("/v1/chat/completions")
            .then()
            .statusCode(200)
            .contentType(startsWith("text/event-stream"))
            .extract()
            .asString();
    assertTrue(stream.endsWith("data: [DONE]\n\n"), stream);
    List<JsonPath> chunks = new ArrayList<>();
    for (String event : stream.split("\n\n")) {
      if (event.startsWith("data: {")) {
        chunks.add(JsonPath.from(event.substring(6)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (JsonPath chunk : chunks.subList(0, chunks.size() - 1)) {
      assertEquals("chat.completion.chunk", chunk.getString("object"));
      assertEquals(chunks.getFirst().getString("id"), chunk.getString("id"));
      String part = chunk.getString("choices[0].delta.content");
      text.append(part == null ? "" : part);
    }
    assertEquals(whole, text.toString());
    assertEquals("assistant", chunks.getFirst().getString("choices[0].delta.role"));
    JsonPath last = chunks.get(chunks.size() - 2);
    assertTrue(last.getString("choices[0].finish_reason").matches("stop|length"));
    assertTrue(last.getString("opml.receiptId").startsWith("0x"));
    assertNull(chunks.getFirst().getString("choices[0].finish_reason"));
    JsonPath usage = chunks.getLast();
    assertEquals(0, usage.getList("choices").size());
    assertEquals(
        usage.getInt("usage.prompt_tokens") + usage.getInt("usage.completion_tokens"),
        usage.getInt("usage.total_tokens"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'nobody','messages':[{'role':'user','content':'x'}]} | 404 | model_not_found | ",
        "{'model':'opml-tiny','messages':[]} | 400 | empty_prompt | messages",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'}],'n':2} | 400 | unsupported_field | n",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'}],'tools':[{}]} | 400 | unsupported_field | tools",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'}],'top_p':2} | 400 | invalid_field | top_p",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'}],'max_tokens':1.5} | 400 | invalid_json | max_tokens",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'}],'max_tokens':'x'} | 400 | invalid_json | max_tokens",
        "{'model':'opml-tiny','messages':[{'role':'user','content':'x'},7]} | 400 | invalid_json | messages[1]",
        "{'model':'opml-tiny','messages':[{'role':5,'content':'x'}]} | 400 | invalid_json | messages[0].role",
        "{ | 400 | invalid_json | ",
      })
  void errorsHaveOpenAisEnvelope(String body, int status, String code, String param) {
    given()
        .contentType("application/json")
        .body(body.replace('\'', '"'))
        .post("/v1/chat/completions")
        .then()
        .statusCode(status)
        .contentType("application/json")
        .body("error.type", equalTo("invalid_request_error"))
        .body("error.code", equalTo(code))
        .body("error.message", notNullValue());
    if (param != null) {
      given()
          .contentType("application/json")
          .body(body.replace('\'', '"'))
          .post("/v1/chat/completions")
          .then()
          .body("error.param", equalTo(param));
    }
  }

  @Test
  void errorsSpeakOfFieldsByOpenAisNames() {
    for (String field : List.of("max_tokens", "top_p", "top_k")) {
      given()
          .contentType("application/json")
          .body(ASK.replace("\"max_tokens\":8", "\"" + field + "\":0") + "}")
          .post("/v1/chat/completions")
          .then()
          .statusCode(400)
          .body("error.message", startsWith(field + " must be"))
          .body("error.param", equalTo(field));
    }
  }

  @Test
  void wholeNumbersMayBeWrittenAsLanguagesWithoutIntegersDo() {
    String one = inputHash(",\"seed\":7,\"top_k\":10}", "8");
    assertEquals(one, inputHash(",\"seed\":7.0,\"top_k\":1e1,\"n\":1.0}", "8.0"));
    for (String wrong : List.of("1.5", "8.00000000000000000001", "1e99", "1e999999999", "-1e-9")) {
      given()
          .contentType("application/json")
          .body(ASK.replace(":8,", ":" + wrong + ",") + "}")
          .post("/v1/chat/completions")
          .then()
          .statusCode(400)
          .body("error.param", equalTo("max_tokens"))
          .body("error.message", startsWith("max_tokens must be a whole number"));
    }
    for (String wrong : List.of("1.5", "1e99", "1e999999999", "-1e30", "true")) {
      given()
          .contentType("application/json")
          .body(ASK + ",\"seed\":" + wrong + "}")
          .post("/v1/chat/completions")
          .then()
          .statusCode(400)
          .body("error.param", equalTo("seed"));
    }
  }

  private static String inputHash(String more, String tokens) {
    return given()
        .contentType("application/json")
        .body(ASK.replace(":8,", ":" + tokens + ",") + more)
        .post("/v1/chat/completions")
        .then()
        .statusCode(200)
        .extract()
        .path("opml.inputHash");
  }

  @Test
  void whatIsNotOfferedSaysWhatIs() {
    for (String path : List.of("edits", "embeddings", "responses")) {
      given()
          .contentType("application/json")
          .body("{\"model\":\"opml-tiny\",\"prompt\":\"x\"}")
          .post("/v1/" + path)
          .then()
          .statusCode(404)
          .body("error.message", containsString("this server has /v1/chat/completions"));
    }
    given()
        .contentType("text/plain")
        .body(ASK + "}")
        .post("/v1/chat/completions")
        .then()
        .statusCode(415)
        .body("error.message", containsString("Content-Type: application/json"));
    given().get("/v1").then().statusCode(404).body("error.code", equalTo("http_404"));
  }

  @Test
  void aWholeAnswerThatNobodyWaitsForIsStopped() throws Exception {
    Eventually.holds("stopped when its only reader had gone", this::leftInTheMiddle);
  }

  private boolean leftInTheMiddle() throws Exception {
    final String before = newest("id");
    String body =
        ASK.replace("What is 2 plus 3?", "Tell me a tale about a fox.")
                .replace("\"max_tokens\":8", "\"max_tokens\":400,\"temperature\":2")
            + "}";
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Eventually.holds("accepted", () -> !newest("id").equals(before));
    }
    Eventually.holds("over", () -> !newest("status").matches("QUEUED|RUNNING"));
    return newest("status").equals("CANCELLED"); // a fast machine had answered it already
  }

  private static String newest(String field) {
    return String.valueOf((Object) given().get("/api/prompts?limit=1").path("items[0]." + field));
  }

  @Test
  void contentMayComeInParts() {
    String parts =
        ASK.replace(
            "\"What is 2 plus 3?\"",
            "[{\"type\":\"text\",\"text\":\"What is \"},{\"type\":\"text\",\"text\":\"2 plus 3?\"}]");
    String one =
        given()
            .contentType("application/json")
            .body(ASK + "}")
            .post("/v1/chat/completions")
            .path("opml.inputHash");
    given()
        .contentType("application/json")
        .body(parts + "}")
        .post("/v1/chat/completions")
        .then()
        .statusCode(200)
        .body("opml.inputHash", equalTo(one));
  }

  @Test
  void modelsAreListedAsOpenAiDoes() {
    given()
        .get("/v1/models")
        .then()
        .statusCode(200)
        .body("object", equalTo("list"))
        .body("data.id", hasItem("opml-tiny"));
    given().get("/v1/models/opml-tiny").then().statusCode(200).body("object", equalTo("model"));
    given()
        .get("/v1/models/nobody")
        .then()
        .statusCode(404)
        .body("error.code", equalTo("model_not_found"));
  }
}
