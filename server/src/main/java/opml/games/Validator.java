package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import opml.chain.Call;
import opml.chain.DisputeContract;
import opml.chain.GameKey;
import opml.chain.Reverted;
import opml.chain.Sent;
import opml.claim.Claims;
import opml.claim.Verdict;
import opml.commitment.Keccak;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import opml.outbox.Parties;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Replays every claim it sees and opens a game about each that differs. */
@ApplicationScoped
class Validator {
  private static final Logger LOG = Logger.getLogger(Validator.class);
  private static final byte[] SALT = new byte[32];

  private final Claims claims;
  private final Models models;
  private final Parties parties;
  private final Roles roles;

  Validator(Claims claims, Models models, Parties parties, Roles roles) {
    this.claims = claims;
    this.models = models;
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void validate() {
    if (!roles.plays(Role.VALIDATOR)) {
      return;
    }
    for (Claims.Known known : claims.unjudged()) {
      try {
        judge(known);
      } catch (RuntimeException e) { // one bad row must not stop the others
        LOG.warnf("claim %s: %s", Hex.of(known.claim().id()), e.getMessage());
      }
    }
  }

  private void judge(Claims.Known known) {
    byte[] id = known.claim().id();
    Model model = models.withId(known.claim().modelId());
    if (model == null) {
      claims.judge(id, Verdict.UNKNOWN_MODEL, null);
      return;
    }
    Model.Outcome own = model.answer(known.input(), text -> {}, () -> false);
    boolean reached = own.operators() <= 1L << 6 * known.claim().h();
    boolean same = Arrays.equals(Keccak.hash(own.output()), known.claim().outputHash());
    if (reached && same) {
      claims.judge(id, Verdict.AGREED, null);
      return;
    }
    LOG.infof("claim %s differs from the own replay: opening a game", Hex.of(id));
    // Opened before the verdict is stored: killed in between, the same key finds it opened.
    open(known, model, same ? "the trace is longer than claimed" : "the own output differs");
    claims.judge(id, Verdict.DIFFERS, own.output());
  }

  private void open(Claims.Known known, Model model, String reason) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    Call call =
        dispute.open(
            known.claim(),
            model.onChain(),
            known.input(),
            known.output(),
            SALT,
            parties.validating().account(),
            dispute.terms().challengeBond());
    try {
      Sent sent = parties.validating().send("open " + Hex.of(known.claim().id()), call, reason);
      byte[] game = new GameKey(known.claim().id(), parties.validating().account(), SALT).id();
      QuarkusTransaction.requiringNew()
          .run(() -> MoveNote.of(game, sent.transaction(), reason, sent.milliseconds()).keep());
    } catch (Reverted e) {
      // Too late or no longer needed: the verdict is kept all the same.
      LOG.warnf("no game about claim %s: %s", Hex.of(known.claim().id()), e.getMessage());
    }
  }
}
