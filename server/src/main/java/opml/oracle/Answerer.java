package opml.oracle;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import opml.chain.DisputeContract;
import opml.chain.OracleContract;
import opml.chain.OracleRequest;
import opml.chain.Reverted;
import opml.chain.Sent;
import opml.claim.Claims;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Audits;
import opml.model.Halts;
import opml.model.Model;
import opml.model.Models;
import opml.money.Bonds;
import opml.money.Exposure;
import opml.outbox.Parties;
import opml.role.EachRow;
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

  /** Requests that wait until a bond fits or a halt ends, for one line of log each. */
  private final Set<String> waiting = new HashSet<>();

  /** Requests whose claim was sent, until the indexer sees it: no need to run the model again. */
  private final Set<String> sent = new HashSet<>();

  private final Price price;
  private final Speed speed;
  private final Requests requests;
  private final Models models;
  private final Halts halts;
  private final Audits audits;
  private final Claims claims;
  private final Exposure exposure;
  private final Parties parties;
  private final Roles roles;

  Answerer(
      Models models,
      Halts halts,
      Audits audits,
      Claims claims,
      Exposure exposure,
      Parties parties,
      Roles roles,
      Speed speed,
      Requests requests,
      @ConfigProperty(name = "opml.oracle.fee-min") BigInteger feeMin) {
    price = new Price(feeMin);
    this.speed = speed;
    this.requests = requests;
    this.models = models;
    this.halts = halts;
    this.audits = audits;
    this.claims = claims;
    this.exposure = exposure;
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
    EachRow.of(rows(which, status), LOG, row -> "request " + Hex.of(row.id), work);
  }

  private List<RequestRecord> rows(String which, RequestRecord.Status status) {
    String own = parties.proposing().account().toLowerCase(java.util.Locale.ROOT);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> RequestRecord.list(which + " and proposer = ?2 order by sequence", status, own));
  }

  private void answer(RequestRecord row) {
    if (sent.contains(Hex.of(row.id))) {
      return;
    }
    OracleRequest request = row.asked();
    Model model = models.withId(row.modelId);
    if (model == null) {
      refuse(row, "the model is not open here");
      return;
    }
    long now = Bonds.now(parties.chain());
    // SAFETY: before any work, so that a stranger cannot make us run models for nothing
    if (ends(request) < now + MARGIN) {
      refuse(row, "the time in which only this proposer may claim is over");
      return;
    }
    // The gas of a long answer and of the callback is ours to pay.
    BigInteger gasPrice = parties.chain().fee().most();
    BigInteger needed = price.of(request, row.input, model.context(), gasPrice);
    if (request.fee().compareTo(needed) < 0) {
      refuse(row, "the fee is below " + needed + " wei, by the price of gas, length and callback");
      return;
    }
    if (halts.of(model).isPresent()) {
      if (waiting.add(Hex.of(row.id))) {
        LOG.warnf("request %s waits: %s is halted", Hex.of(row.id), model.name());
      }
      return;
    }
    String own = parties.proposing().account();
    if (!exposure.stake(own, row.id, dispute().terms().claimBond())) {
      if (waiting.add(Hex.of(row.id))) {
        LOG.warnf("request %s waits: its bond exceeds opml.bonds.share", Hex.of(row.id));
      }
      return;
    }
    try {
      if (fits(row, request, model, now)) {
        infer(row, request, model);
      }
    } finally {
      exposure.release(row.id);
    }
  }

  /** Until when only the named proposer may claim. */
  private static long ends(OracleRequest request) {
    return Math.min(request.exclusiveUntil(), request.expiry());
  }

  /** Whether the longest answer can be claimed: nobody shall make the model run for nothing. */
  private boolean fits(RequestRecord row, OracleRequest request, Model model, long now) {
    long most = model.mostOperators(row.input);
    if (most > 1L << 6 * request.h()) {
      refuse(row, "the answer may take " + most + " operators, more than 64^" + request.h());
      return false;
    }
    long seconds = speed.seconds(model.name(), most);
    if (ends(request) - now - MARGIN < seconds) {
      refuse(
          row,
          "the answer may take "
              + seconds
              + " s, and "
              + MARGIN
              + " s more to be claimed: only this proposer may claim for "
              + (ends(request) - now)
              + " s");
      return false;
    }
    return true;
  }

  private void infer(RequestRecord row, OracleRequest request, Model model) {
    long start = System.nanoTime();
    Model.Outcome outcome = audits.answer(model, row.input, text -> {}, () -> false);
    speed.learned(model.name(), outcome.operators(), (System.nanoTime() - start) / 1e9);
    if (outcome.operators() > 1L << 6 * request.h()) {
      refuse(row, "the trace is longer than 64^" + request.h() + " operators");
      return;
    }
    claim(row, request, model.name(), outcome.output());
  }

  private void claim(RequestRecord row, OracleRequest request, String model, byte[] output) {
    OracleContract oracle = oracle();
    String own = parties.proposing().account();
    byte[] claimId = oracle.claimFor(request, own, Keccak.hash(output)).id();
    BigInteger bond = dispute().terms().claimBond();
    exposure.release(row.id); // it goes on under the claim's id
    if (!exposure.stake(own, claimId, bond)) {
      return;
    }
    try {
      Sent done =
          parties
              .proposing()
              .send(
                  "claim for " + Hex.of(row.id),
                  oracle.claim(request, output, NO_NONCE, bond),
                  "answer of " + model);
      if (done.succeeded()) {
        sent.add(Hex.of(row.id));
      } else {
        exposure.release(claimId);
        refuse(row, "the claim's transaction failed on chain");
      }
    } catch (Reverted e) {
      exposure.release(claimId);
      refuse(row, "the contract refused the claim: " + e.getMessage());
    }
  }

  private void refuse(RequestRecord row, String why) {
    LOG.warnf("request %s is not answered: %s", Hex.of(row.id), why);
    QuarkusTransaction.requiringNew().run(() -> requests.declined(row.id, why));
  }

  private void complete(RequestRecord row) {
    sent.remove(Hex.of(row.id));
    waiting.remove(Hex.of(row.id));
    Claims.Known known = claims.known(row.claimId).orElse(null);
    String own = parties.proposing().account();
    // SAFETY: a stranger claims what we refuse; the fee is his, so is the callback's gas to pay
    boolean ours = known != null && own.equalsIgnoreCase(known.claim().proposer());
    if (!ours || known.output() == null) {
      return;
    }
    if (oracle().answer(row.id).phase() != OracleContract.Phase.OPEN) {
      return; // anybody may finalize; the indexer will tell
    }
    DisputeContract.ClaimState state = dispute().claim(row.claimId);
    if (Bonds.isFree(parties.chain(), state)) {
      Bonds.send(
          parties.proposing(),
          "finalize " + Hex.of(row.id),
          oracle().finalize(row.asked(), known.claim().proposer(), known.output()),
          "the claim survived"); // and is released by it
    }
  }

  private OracleContract oracle() {
    return new OracleContract(parties.chain(), parties.deployment().contracts().oracle());
  }

  private DisputeContract dispute() {
    return new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
  }
}
