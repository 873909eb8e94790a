package opml.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import opml.chain.ReceiptsContract;
import opml.chain.Sent;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.request.Answer;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** A batch whose transaction came to nothing is bound all the same, and once. */
@QuarkusTest
@QuarkusTestResource(World.class)
class FailedAnchorTest {
  @Inject Parties parties;

  private ReceiptsContract contract() {
    return new ReceiptsContract(parties.chain(), parties.deployment().contracts().receipts());
  }

  private static byte[] root(String name) {
    return Keccak.hash(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static void waits(byte[] root) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              Anchor batch = new Anchor();
              batch.root = root;
              batch.leaves = 1;
              batch.persist();
            });
  }

  private static Anchor row(byte[] root) {
    return QuarkusTransaction.requiringNew().call(() -> Anchor.findById(root));
  }

  private long times(byte[] root) {
    return contract().events(0, parties.chain().head()).stream()
        .filter(event -> event.name().equals("Anchored"))
        .filter(event -> Hex.of(event.bytes("root")).equals(Hex.of(root)))
        .count();
  }

  @Test
  void aRevertedTransactionIsSentAgainUnderAnotherKey() throws Exception {
    byte[] root = root("reverted");
    String key = "anchor " + Hex.of(root);
    String url = parties.chain().url();
    String address = contract().address();
    String code = Hex.of(parties.chain().code(address));
    World.automine(url, false);
    try {
      parties.proposing().post(key, contract().anchor(root, 1), "a test");
      World.code(url, address, "0xfe"); // whatever is asked of it fails
      World.pass(url, 1);
    } finally {
      World.code(url, address, code);
      World.automine(url, true);
    }
    Sent failed = parties.proposing().send(key, contract().anchor(root, 1));
    assertTrue(!failed.succeeded(), "reverted");
    waits(root);
    Eventually.holds("bound", () -> row(root).isBound());
    assertEquals(1, row(root).failures);
    assertNotEquals(failed.transaction(), row(root).transactionHash);
    assertTrue(contract().anchoredAt(parties.proposing().account(), root) > 0);
    assertEquals(1, times(root));
  }

  @Test
  void whatIsAnchoredAlreadyIsNotAnchoredAgain() throws Exception {
    byte[] root = root("already");
    Sent earlier = parties.proposing().send("elsewhere", contract().anchor(root, 1));
    World.pass(parties.chain().url(), 5);
    waits(root);
    Eventually.holds("bound", () -> row(root).isBound());
    assertEquals(earlier.transaction(), row(root).transactionHash);
    assertEquals(earlier.block(), row(root).block);
    assertEquals(1, times(root));
    assertTrue(
        contract().anchoring(parties.proposing().account(), root("never")).isEmpty(), "no such");
  }

  @Test
  void oneWhoseEventIsNotFoundIsLookedForOnceAMinute() throws Exception {
    byte[] root = root("hidden");
    String own = parties.proposing().account();
    anchored(own, root, 1);
    assertEquals(1, contract().anchoredAt(own, root), "as if anchored, and no event tells of it");
    waits(root);
    Eventually.holds("looked for", () -> row(root).failedAt != null);
    anchored(own, root, 0);
    Instant looked = row(root).failedAt;
    Thread.sleep(4000); // some polls, each of which would anchor it
    assertFalse(row(root).isBound());
    assertEquals(looked, row(root).failedAt);
    assertEquals(0, row(root).failures);
    QuarkusTransaction.requiringNew()
        .run(() -> Anchor.update("failedAt = ?1 where root = ?2", looked.minusSeconds(60), root));
    Eventually.holds("bound", () -> row(root).isBound());
    assertEquals(1, times(root));
  }

  /** Writes anchoredAt, the contract's second mapping. */
  private void anchored(String proposer, byte[] root, int time) {
    byte[] outer = new byte[64];
    System.arraycopy(Hex.bytes(proposer), 0, outer, 12, 20);
    outer[63] = 1;
    byte[] inner = Arrays.copyOf(root, 64);
    System.arraycopy(Keccak.hash(outer), 0, inner, 32, 32);
    byte[] word = new byte[32];
    word[31] = (byte) time;
    String slot = Hex.of(Keccak.hash(inner));
    World.storage(parties.chain().url(), contract().address(), slot, Hex.of(word));
  }

  @Test
  void aReceiptShowsNoAnchorBeforeThereIsOne() {
    Receipt receipt = new Receipt();
    receipt.status = Receipt.Status.GENERATED;
    receipt.output = new byte[Answer.HEADER];
    receipt.leafIndex = 0;
    receipt.branch = new byte[0];
    Anchor batch = new Anchor();
    batch.root = root("waits");
    assertNull(ReceiptView.of(receipt, batch, java.util.List.of()).anchor());
    batch.transactionHash = "0x1";
    batch.block = 7L;
    assertEquals("7", ReceiptView.of(receipt, batch, java.util.List.of()).anchor().block());
  }
}
