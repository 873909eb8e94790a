package opml.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.Arrays;
import opml.chain.DisputeContract;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.dispute.Answered;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** What a stranger claims for a request that names this proposer is his to finalize. */
@QuarkusTest
@QuarkusTestResource(World.class)
class StrangersClaimTest {
  private static final byte[] NONCE = new byte[32];

  @Inject Parties parties;
  @Inject Models models;

  private final byte[] input = Request.ask("What is 7 plus 1?", 4).encode();
  private Outbox stranger;

  private OracleContract oracle() {
    return new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }

  /** Asks this proposer, who alone may claim for so many seconds. */
  private OracleRequest ask(long exclusive, int salt) {
    Model model = models.named("opml-tiny");
    long now = parties.chain().blockTime(parties.chain().head());
    OracleRequest request =
        new OracleRequest(
            model.id(),
            Keccak.hash(input),
            4,
            stranger.account(),
            parties.proposing().account(),
            now + exclusive,
            now + 3600,
            BigInteger.TEN.pow(16),
            stranger.account(), // no contract: it burns no gas, but it could
            2_000_000,
            false,
            Keccak.hash(new byte[] {(byte) salt}));
    stranger.send("ask " + salt, oracle().request(request, model.onChain(), input));
    return request;
  }

  private OracleContract.Phase phase(OracleRequest request) {
    return oracle().answer(request.id()).phase();
  }

  @Test
  void itsGasIsNotOursToPay() throws Exception {
    stranger = new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
    OracleRequest refused = ask(2, 1); // too short to be answered in
    byte[] output = Answered.by(models.named("opml-tiny").program(), input).output();
    byte[] hash = Keccak.hash(output);
    byte[] commitment = OracleContract.commitment(refused.id(), stranger.account(), hash, NONCE);
    stranger.send("commit", oracle().commit(commitment));
    World.pass(parties.chain().url(), 10);
    stranger.send("claim", oracle().claim(refused, output, NONCE, dispute().terms().claimBond()));
    OracleRequest answered = ask(600, 2); // looked at after the first
    Eventually.holds(
        "the next is final",
        () -> {
          World.pass(parties.chain().url(), 3);
          return phase(answered) == OracleContract.Phase.FINAL;
        });
    RequestRecord row =
        QuarkusTransaction.requiringNew().call(() -> RequestRecord.findById(refused.id()));
    assertEquals(RequestRecord.Status.CLAIMED, row.status);
    assertEquals(OracleContract.Phase.OPEN, phase(refused), "the stranger's");
    long paid = gas("Claimed", answered) + gas("Finalized", answered);
    int context = models.named("opml-tiny").context();
    long asked =
        new Price(BigInteger.ZERO).of(answered, input, context, BigInteger.ONE).longValueExact()
            - answered.callbackGas();
    assertTrue(paid <= asked, paid + " gas for an answer, and the fee is for " + asked);
  }

  /** Of the transaction that told this of a request. */
  private long gas(String event, OracleRequest request) {
    return oracle().events(0, parties.chain().head(), null).stream()
        .filter(told -> told.name().equals(event))
        .filter(told -> Arrays.equals(told.bytes("requestId"), request.id()))
        .map(told -> parties.chain().receipt(told.log().transaction()).orElseThrow().gas())
        .findFirst()
        .orElseThrow();
  }
}
