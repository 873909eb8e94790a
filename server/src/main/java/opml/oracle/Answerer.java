package opml.oracle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Reverted;
import opml.claim.Claims;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The proposer's side of the oracle: answers requests that name it, finalizes what survived. */
@ApplicationScoped
class Answerer {
  private static final Logger LOG = Logger.getLogger(Answerer.class);

  /** Inside the exclusive period the named proposer needs no commitment. */
  private static final byte[] NO_NONCE = new byte[32];

  private static final long MARGIN = 20; // seconds for inference and inclusion

  private final BigInteger feeMin;
  private final Models models;
  private final Claims claims;
  private final Parties parties;
  private final Roles roles;

  Answerer(
      Models models,
      Claims claims,
      Parties parties,
      Roles roles,
      @ConfigProperty(name = "opml.oracle.fee-min") BigInteger feeMin) {
    this.feeMin = feeMin;
    this.models = models;
    this.claims = claims;
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void work() {
    if (roles.plays(Role.PROPOSER)) {
      each("status = ?1 and error is null", RequestRecord.Status.OPEN, this::answer);
      each("status = ?1", RequestRecord.Status.CLAIMED, this::complete);
    }
  }

  private void each(String which, RequestRecord.Status status, Consumer<RequestRecord> work) {
    for (RequestRecord row : rows(which, status)) {
      try {
        work.accept(row);
      } catch (RuntimeException e) { // one bad row must not stop the others
        LOG.warnf("request %s: %s", Hex.of(row.id), e.getMessage());
      }
    }
  }

  private List<RequestRecord> rows(String which, RequestRecord.Status status) {
    String own = parties.proposing().account().toLowerCase(java.util.Locale.ROOT);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> RequestRecord.list(which + " and proposer = ?2 order by sequence", status, own));
  }

  private void answer(RequestRecord row) {
    OracleRequest request = row.asked();
    Model model = models.withId(row.modelId);
    if (model == null) {
      refuse(row, "the model is not open here");
      return;
    }
    Chain chain = parties.chain();
    long now = Math.max(chain.blockTime(chain.head()), System.currentTimeMillis() / 1000);
    // SAFETY: before any work, so that a stranger cannot make us run models for nothing
    if (Math.min(request.exclusiveUntil(), request.expiry()) < now + MARGIN) {
      refuse(row, "the time in which only this proposer may claim is over");
      return;
    }
    if (request.fee().compareTo(feeMin) < 0) {
      refuse(row, "the fee is below " + feeMin + " wei");
      return;
    }
    Model.Outcome outcome = model.answer(row.input, text -> {}, () -> false);
    if (outcome.operators() > 1L << 6 * request.h()) {
      refuse(row, "the trace is longer than 64^" + request.h() + " operators");
      return;
    }
    OracleContract oracle = oracle();
    try {
      parties
          .proposing()
          .send(
              "claim for " + Hex.of(row.id),
              oracle.claim(request, outcome.output(), NO_NONCE, dispute().terms().claimBond()),
              "answer of " + model.name());
    } catch (Reverted e) {
      refuse(row, "the contract refused the claim: " + e.getMessage());
    }
  }

  private void refuse(RequestRecord row, String why) {
    LOG.warnf("request %s is not answered: %s", Hex.of(row.id), why);
    QuarkusTransaction.requiringNew()
        .run(() -> RequestRecord.update("error = ?1 where id = ?2", why, row.id));
  }

  private void complete(RequestRecord row) {
    Claims.Known known = claims.known(row.claimId).orElse(null);
    Chain chain = parties.chain();
    if (known == null || known.output() == null) {
      return;
    }
    DisputeContract.ClaimState state = dispute().claim(row.claimId);
    long over = state.createdAt() + dispute().terms().window();
    boolean unopposed = state.openGames() == 0;
    // The next block is not earlier than the newest one, nor than the clock on the wall.
    long now = Math.max(chain.blockTime(chain.head()), System.currentTimeMillis() / 1000);
    boolean settled = state.status() == DisputeContract.Status.SURVIVED;
    if (!settled && (state.status() != DisputeContract.Status.OPEN || !unopposed || now < over)) {
      return;
    }
    if (Arrays.equals(oracle().answer(row.id).outputHash(), Keccak.hash(known.output()))) {
      return;
    }
    String id = Hex.of(row.id);
    if (!settled) {
      parties
          .proposing()
          .send("release for " + id, dispute().release(row.claimId), "the window is over");
    }
    parties
        .proposing()
        .send(
            "finalize " + id,
            oracle().finalize(row.asked(), known.claim().proposer(), known.output()),
            "the claim survived");
  }

  private OracleContract oracle() {
    return new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }
}
