package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import opml.chain.DisputeContract;
import opml.game.Position;
import opml.http.Hex;
import opml.money.Bonds;
import opml.outbox.Parties;
import opml.outbox.Transactions;
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/**
 * Has credited what ended games have won. Anybody may do it, so the chain is asked first, and a
 * game is done when the chain says so, not when a transaction of ours was sent.
 */
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
    if (roles.plays(Role.VALIDATOR)) {
      String own = parties.validating().account();
      each("status = ?1 and challenger = ?2", GameRecord.Status.CHALLENGER_WON, own);
    }
    if (roles.plays(Role.PROPOSER)) {
      String own = parties.proposing().account();
      each("status = ?1 and proposer = ?2", GameRecord.Status.PROPOSER_WON, own);
    }
  }

  private void each(String which, GameRecord.Status status, String own) {
    List<GameRecord> games =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    GameRecord.list(
                        which + " and not settled order by sequence",
                        status,
                        own.toLowerCase(Locale.ROOT)));
    EachRow.of(games, LOG, game -> "settlement of game " + Hex.of(game.id), this::settle);
  }

  private void settle(GameRecord game) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    boolean won = game.status == GameRecord.Status.CHALLENGER_WON;
    boolean credited =
        won
            ? dispute.isSettled(game.id)
            : dispute.isOver(game.id) && dispute.claim(game.claimId).wonGames() == 0;
    if (credited) {
      QuarkusTransaction.requiringNew()
          .run(() -> GameRecord.update("settled = true where id = ?1", (Object) game.id));
      return;
    }
    String id = Hex.of(game.id);
    Transactions winner = won ? parties.validating() : parties.proposing();
    if (won) {
      // The winning game needs no position; the others must show where they stood.
      Position at = GameRecord.CLAIM_DEFEATED.equals(game.ending) ? game.at() : null;
      Bonds.send(winner, "settle " + id, dispute.settle(game.key(), at), "the challenge was won");
    } else {
      Bonds.send(
          winner, "collect " + id, dispute.collect(game.claimId), "the challenge was repelled");
    }
  }
}
