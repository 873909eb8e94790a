package opml.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import opml.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the page's own files are served. */
@QuarkusTest
@QuarkusTestResource(World.class)
class PageTest {
  /** A browser that kept yesterday's page would check answers with yesterday's contracts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/games/0x1",
        "/chats/00000000",
        "/help",
        "/app.css",
        "/app/main.js",
        "/app/verifier.wasm"
      })
  void everyFileIsAskedForAgainAndSentOnlyWhenItChanged(String path) {
    String changed =
        given()
            .get(path)
            .then()
            .statusCode(200)
            .header("Cache-Control", "no-cache")
            .extract()
            .header("Last-Modified");
    given().header("If-Modified-Since", changed).get(path).then().statusCode(304);
  }

  @Test
  void aBrowserAtAnAddressOfNothingGetsThePageAndAProgramAProblem() {
    String browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    given()
        .header("Accept", browser)
        .get("/nothing/here")
        .then()
        .statusCode(404)
        .contentType("text/html")
        .body(containsString("<opml-app>"));
    for (String path : new String[] {"/api/nothing", "/v1/nothing", "/q/nothing"}) {
      given()
          .header("Accept", browser)
          .get(path)
          .then()
          .statusCode(404)
          .body(not(containsString("<opml-app>")));
    }
    given().get("/nothing/here").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void addressesInsideThePageAreThereForWhoOnlyLooks() {
    for (String path : new String[] {"/", "/digits", "/receipts/0x1", "/games", "/chain"}) {
      given().head(path).then().statusCode(200);
    }
    given().head("/nothing").then().statusCode(404);
  }
}
