package opml.prompt;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Base64;
import java.util.Map;
import opml.catalog.DigitSample;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that reads images is told apart by what may be asked of it. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(ImageModelTest.Digits.class)
class ImageModelTest {
  /** Own application: it has that model. */
  public static final class Digits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("opml.models", "${opml.home}/models/opml-digits");
    }
  }

  private static ValidatableResponse post(String address, String field) {
    return given()
        .contentType("application/json")
        .body("{\"model\":\"opml-digits\"," + field.replace('\'', '"') + "}")
        .post(address)
        .then();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/completions | 'prompt':'x' | prompt",
        "/v1/chat/completions | 'messages':[{'role':'user','content':'x'}] | messages",
      })
  void aTextIsRefusedByTheNameOfItsField(String address, String field, String name) {
    post(address, field)
        .statusCode(400)
        .body("error.param", equalTo(name))
        .body("error.message", containsString("opml-digits reads images"));
  }

  @Test
  void anImageIsTaken() {
    post("/api/prompts", "'prompt':'x'").statusCode(400).body("field", equalTo("prompt"));
    post("/api/prompts", "'image':'AAAA'").statusCode(400).body("field", equalTo("image"));
    byte[] pixels = DigitSample.all().getFirst().pixels();
    String image = Base64.getEncoder().encodeToString(pixels);
    post("/api/prompts", "'image':'" + image + "'").statusCode(202);
  }
}
