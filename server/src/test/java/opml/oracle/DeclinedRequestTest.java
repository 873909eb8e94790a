package opml.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.math.BigInteger;
import opml.chain.MemoryJournal;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Outbox;
import opml.chain.Sender;
import opml.commitment.Keccak;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Keys;
import opml.outbox.Parties;
import opml.request.Request;
import opml.world.Eventually;
import opml.world.World;
import org.junit.jupiter.api.Test;

/** For an answer that could not be claimed the model does not run. */
@QuarkusTest
@QuarkusTestResource(World.class)
@TestProfile(DeclinedRequestTest.Fresh.class)
class DeclinedRequestTest {
  /** A server that has answered nothing yet. */
  public static class Fresh implements QuarkusTestProfile {}

  private static final byte[] INPUT = Request.ask("What is 5 plus 2?", 4).encode();

  @Inject Parties parties;
  @Inject Models models;
  @Inject Speed speed;
  @Inject MeterRegistry meters;

  private OracleRequest ask(int h, byte salt) {
    Outbox asker = new Sender(parties.chain(), Keys.development("liar"), new MemoryJournal());
    Model model = models.named("opml-tiny");
    long now = parties.chain().blockTime(parties.chain().head());
    OracleRequest request =
        new OracleRequest(
            model.id(),
            Keccak.hash(INPUT),
            h,
            asker.account(),
            parties.proposing().account(),
            now + 600,
            now + 3600,
            BigInteger.TEN.pow(16),
            OracleRequest.NOBODY,
            0,
            false,
            Keccak.hash(new byte[] {salt}));
    OracleContract oracle =
        new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
    asker.send("ask " + salt, oracle.request(request, model.onChain(), INPUT));
    return request;
  }

  private static RequestRecord row(OracleRequest request) {
    return QuarkusTransaction.requiringNew().call(() -> RequestRecord.findById(request.id()));
  }

  /** Why a request is declined; every answer of a model would be audited. */
  private String declined(int h, byte salt) throws Exception {
    OracleRequest request = ask(h, salt);
    Eventually.holds("declined", () -> row(request) != null && row(request).error != null);
    assertEquals(0, meters.counter("opml.audit.operators").count(), "the model has run");
    String error = row(request).error;
    assertEquals(1, told(error), error);
    return error;
  }

  private static long told(String error) {
    String sql = "select count(*) from event where kind = 'request' and data like ?1";
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ((Number)
                        RequestRecord.getEntityManager()
                            .createNativeQuery(sql, Long.class)
                            .setParameter(1, "%" + error + "%")
                            .getSingleResult())
                    .longValue());
  }

  @Test
  void anAnswerThatMayBeLongerThanItsTraceMayBe() throws Exception {
    String error = declined(1, (byte) 61);
    assertTrue(error.contains("more than 64^1"), error);
  }

  @Test
  void anAnswerThatMayTakeLongerThanIsLeftToClaimIt() throws Exception {
    speed.learned("opml-tiny", 1, 2); // half an operator a second
    String error = declined(4, (byte) 62);
    assertTrue(error.contains("only this proposer may claim for"), error);
  }
}
