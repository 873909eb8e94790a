package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import opml.chain.DisputeContract;
import opml.game.Position;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.outbox.Transactions;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Takes what ended games have won: credits first, then the withdrawal. */
@ApplicationScoped
class Settlement {
  private static final Logger LOG = Logger.getLogger(Settlement.class);

  private final Parties parties;
  private final Roles roles;

  Settlement(Parties parties, Roles roles) {
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void settle() {
    for (GameRecord game : QuarkusTransaction.requiringNew().call(Settlement::ended)) {
      try {
        settle(game);
        QuarkusTransaction.requiringNew()
            .run(() -> GameRecord.update("settled = true where id = ?1", (Object) game.id));
      } catch (RuntimeException e) { // one bad row must not stop the others
        LOG.warnf("game %s is not settled yet: %s", Hex.of(game.id), e.getMessage());
      }
    }
  }

  private void settle(GameRecord game) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    boolean won = game.status == GameRecord.Status.CHALLENGER_WON;
    Transactions winner = won ? parties.validating() : parties.proposing();
    String address = won ? game.challenger : game.proposer;
    boolean ours = won ? roles.plays(Role.VALIDATOR) : roles.plays(Role.PROPOSER);
    if (!ours || !winner.account().equalsIgnoreCase(address)) {
      return;
    }
    String id = Hex.of(game.id);
    // The winning game needs no position; the others must show where they stood.
    Position at = GameRecord.CLAIM_DEFEATED.equals(game.ending) ? game.at() : null;
    if (won) {
      winner.send("settle " + id, dispute.settle(game.key(), at), "the challenge was won");
    } else {
      winner.send("collect " + id, dispute.collect(game.claimId), "the challenge was repelled");
    }
    if (dispute.owed(winner.account()).signum() > 0) {
      winner.send("withdraw after " + id, dispute.withdraw(), "credit of a won game");
    }
  }

  private static List<GameRecord> ended() {
    return GameRecord.list(
        "status <> ?1 and not settled order by sequence", GameRecord.Status.RUNNING);
  }
}
