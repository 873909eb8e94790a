package opml.receipt;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import opml.chain.ReceiptsContract;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** A receipt is checked as a stranger would: from its JSON and the chain alone. */
@QuarkusTest
@QuarkusTestResource(World.class)
class ReceiptProofTest {
  @Inject Parties parties;

  @Test
  void aStrangerCanCheckAReceipt() throws Exception {
    String body = "{\"model\":\"opml-tiny\",\"maxTokens\":4,\"prompt\":\"Once\",\"seed\":\"7\"}";
    String id = given().contentType("application/json").body(body).post("/api/prompts").path("id");
    Eventually.holds("anchored", () -> receipt(id) != null);
    JsonPath r = receipt(id);
    ReceiptsContract contract =
        new ReceiptsContract(parties.chain(), parties.deployment().contracts().receipts());
    opml.chain.Receipt says =
        new opml.chain.Receipt(
            Hex.bytes(r.getString("modelId")),
            Keccak.hash(Hex.bytes(r.getString("input"))),
            Keccak.hash(Hex.bytes(r.getString("output"))),
            r.getInt("h"),
            Long.parseLong(r.getString("deadline")),
            r.getString("proposer"));
    assertEquals(r.getString("id"), Hex.of(contract.hashOf(says)));
    byte[] node = Hex.bytes(r.getString("id"));
    int index = r.getInt("anchor.index");
    List<String> branch = r.getList("anchor.branch");
    for (int i = 0; i < branch.size(); i++) {
      byte[] up = new byte[32];
      byte[] sibling = Hex.bytes(branch.get(i));
      boolean right = (index >> i & 1) == 1;
      Keccak.pair(right ? sibling : node, 0, right ? node : sibling, 0, up, 0);
      node = up;
    }
    assertArrayEquals(Hex.bytes(r.getString("anchor.root")), node);
    assertTrue(contract.anchoredAt(r.getString("proposer"), node) > 0);
  }

  private static JsonPath receipt(String prompt) {
    String id = given().get("/api/prompts/" + prompt).path("receiptId");
    JsonPath r = id == null ? null : given().get("/api/receipts/" + id).jsonPath();
    return r != null && "ANCHORED".equals(r.getString("status")) ? r : null;
  }

  @Test
  void batchesOfAnySizeProveEachLeaf() {
    for (int size = 1; size <= 9; size++) {
      List<byte[]> leaves = new java.util.ArrayList<>();
      for (int i = 0; i < size; i++) {
        leaves.add(Keccak.hash(new byte[] {(byte) i}));
      }
      Batch batch = new Batch(leaves);
      for (int i = 0; i < size; i++) {
        byte[] branch = batch.branch(i);
        byte[] root = opml.commitment.Merkle.climb(leaves.get(i), i, branch, 0, branch.length / 32);
        assertArrayEquals(batch.root(), root, "leaf " + i + " of " + size);
      }
    }
  }
}
