package opml.openai;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(World.class)
class TextResourceTest {
  private static final String PROMPT = "Once upon a time there was a fox.";
  private static final String ASK =
      "{\"model\":\"opml-tiny\",\"max_tokens\":12,\"prompt\":\"" + PROMPT + "\"";

  private static ValidatableResponse post(String body) {
    return given().contentType("application/json").body(body).post("/v1/completions").then();
  }

  @Test
  void aRawTextIsGoneOnWithUnderAReceipt() throws Exception {
    ValidatableResponse answer =
        post(ASK + "}")
            .statusCode(200)
            .header("Opml-Receipt", matchesPattern("0x[0-9a-f]{64}"))
            .body("id", startsWith("cmpl-"))
            .body("object", equalTo("text_completion"))
            .body("choices[0].index", equalTo(0))
            .body("choices[0].logprobs", nullValue())
            .body("choices[0].message", nullValue())
            .body("choices[0].finish_reason", matchesPattern("stop|length"));
    String raw =
        given()
            .contentType("application/json")
            .body("{\"model\":\"opml-tiny\",\"maxTokens\":12,\"prompt\":\"" + PROMPT + "\"}")
            .post("/api/prompts")
            .path("id");
    String at = "/api/prompts/" + raw;
    Eventually.holds("answered", () -> given().get(at).path("text") != null);
    String receipt = "/api/receipts/" + answer.extract().path("opml.receiptId");
    assertEquals(
        (String) given().get("/api/prompts/" + raw).path("input"),
        given().get(receipt).path("input"),
        "no template around the text");
    assertEquals((String) given().get(at).path("text"), answer.extract().path("choices[0].text"));
    post(ASK.replace("\"" + PROMPT + "\"", "[\"" + PROMPT + "\"]") + "}")
        .statusCode(200)
        .body("opml.inputHash", equalTo(answer.extract().path("opml.inputHash")));
  }

  @Test
  void chunksAddUpAndEndBeforeAStopText() {
    String whole = post(ASK + "}").extract().path("choices[0].text");
    List<JsonPath> chunks = chunks(",\"stream_options\":{\"include_usage\":true}");
    StringBuilder text = new StringBuilder();
    for (JsonPath chunk : chunks.subList(0, chunks.size() - 1)) {
      assertEquals("text_completion", chunk.getString("object"));
      assertNull(chunk.get("choices[0].delta"));
      text.append(chunk.getString("choices[0].text"));
    }
    assertEquals(whole, text.toString());
    JsonPath last = chunks.get(chunks.size() - 2);
    assertTrue(last.getString("choices[0].finish_reason").matches("stop|length"));
    assertTrue(last.getString("opml.receiptId").startsWith("0x"));
    assertTrue(chunks.getLast().getInt("usage.completion_tokens") > 1);

    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 2);
    post(ASK + ",\"stop\":\"" + stop + "\"}")
        .body("choices[0].text", equalTo(whole.substring(0, whole.indexOf(stop))))
        .body("choices[0].finish_reason", equalTo("stop"));
  }

  private static List<JsonPath> chunks(String more) {
    String stream = post(ASK + ",\"stream\":true" + more + "}").extract().asString();
    assertTrue(stream.endsWith("data: [DONE]\n\n"), stream);
    List<JsonPath> chunks = new ArrayList<>();
    for (String event : stream.split("\n\n")) {
      if (event.startsWith("data: {")) {
        chunks.add(JsonPath.from(event.substring(6)));
      }
    }
    return chunks;
  }

  @Test
  void sixteenTokensAreWrittenUnlessAskedOtherwise() {
    String sixteen =
        post(ASK.replace(":12,", ":16,") + "}").statusCode(200).extract().path("opml.inputHash");
    post(ASK.replace("\"max_tokens\":12,", "") + "}").body("opml.inputHash", equalTo(sixteen));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'prompt':'x','echo':true | unsupported_field | echo",
        "'prompt':'x','logprobs':0 | unsupported_field | logprobs",
        "'prompt':'x','best_of':2 | unsupported_field | best_of",
        "'prompt':'x','n':2 | unsupported_field | n",
        "'prompt':'x','suffix':'y' | unsupported_field | suffix",
        "'prompt':'x','logit_bias':{'5':1} | unsupported_field | logit_bias",
        "'prompt':'x','presence_penalty':1 | unsupported_field | presence_penalty",
        "'prompt':'x','best_of':2,'n':2 | unsupported_field | n",
        "'prompt':'x','logit_bias':{'5':1},'echo':true | unsupported_field | echo",
        "'prompt':'x','logit_bias':{'5':1},'frequency_penalty':1 | unsupported_field |"
            + " frequency_penalty",
        "'logit_bias':{'5':1},'prompt':[] | unsupported_field | logit_bias",
        "'prompt':'x','messages':[{'role':'user','content':'x'}] | unsupported_field | messages",
        "'prompt':['x','y'] | invalid_field | prompt",
        "'prompt':[1,2] | invalid_field | prompt",
        "'prompt':[] | invalid_field | prompt",
        "'prompt':null | invalid_field | prompt",
        "'prompt':'' | empty_prompt | prompt",
        "'prompt':'x','max_tokens':0 | invalid_field | max_tokens",
        "'prompt':'x','max_tokens':1.5 | invalid_json | max_tokens",
        "'prompt':'x','stop':['a','b','c','d','e'] | invalid_field | stop",
        "'prompt':'x','stream_options':{} | invalid_field | stream_options",
      })
  void whatCannotBeDoneIsRefusedByName(String fields, String code, String param) {
    post(("{'model':'opml-tiny'," + fields + "}").replace('\'', '"'))
        .statusCode(400)
        .body("error.type", equalTo("invalid_request_error"))
        .body("error.code", equalTo(code))
        .body("error.param", equalTo(param));
  }
}
