package opml.receipt;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import opml.http.Hex;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** What the indexer writes while a receipt is anchored, and the other way round, stays. */
@QuarkusTest
@QuarkusTestResource(World.class)
class ReceiptWritersTest {
  private static final byte[] CLAIM = new byte[32];

  @Inject Receipts receipts;

  @Test
  void aChallengeSeenWhileTheReceiptIsAnchoredIsKept() throws Exception {
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":2,\"prompt\":\"Race\"}";
    String prompt =
        given().contentType("application/json").body(body).post("/api/prompts").path("id");
    Eventually.holds(
        "anchored",
        () -> {
          String receipt = given().get("/api/prompts/" + prompt).path("receiptId");
          return receipt != null
              && "ANCHORED".equals(given().get("/api/receipts/" + receipt).path("status"));
        });
    byte[] id = Hex.bytes(given().get("/api/prompts/" + prompt).path("receiptId"));
    byte[] root = row(id).anchorRoot;
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              Receipt anchoring = Receipt.findById(id);
              QuarkusTransaction.requiringNew().run(() -> receipts.challenged(id, CLAIM));
              anchoring.leafIndex = 5;
            });
    Receipt after = row(id);
    assertEquals(5, after.leafIndex);
    assertArrayEquals(CLAIM, after.claimId, "the challenge was lost");
    assertEquals(Receipt.Status.CHALLENGED, after.status);
    assertArrayEquals(root, after.anchorRoot);
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                Receipt.update(
                    "claimId = null, leafIndex = 0, status = ?1 where id = ?2",
                    Receipt.Status.ANCHORED,
                    id));
  }

  private static Receipt row(byte[] id) {
    return QuarkusTransaction.requiringNew().call(() -> Receipt.findById(id));
  }
}
