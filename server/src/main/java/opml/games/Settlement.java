package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * game is done when the indexer has read so, not when a transaction of ours was sent: what the
 * chain drops with a block is done again, whoever did it.
 */
@ApplicationScoped
class Settlement {
  private static final Logger LOG = Logger.getLogger(Settlement.class);

  private final Games games;
  private final Parties parties;
  private final Roles roles;

  /** Heads of the chain at which a game was seen credited: until they are read it is left alone. */
  private final Map<String, Long> credited = new HashMap<>();

  Settlement(Games games, Parties parties, Roles roles) {
    this.games = games;
    this.parties = parties;
    this.roles = roles;
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void settle() {
    List<GameRecord> ended = new ArrayList<>();
    if (roles.plays(Role.VALIDATOR)) {
      String own = parties.validating().account();
      ended.addAll(won("challenger", GameRecord.Status.CHALLENGER_WON, own));
    }
    if (roles.plays(Role.PROPOSER)) {
      String own = parties.proposing().account();
      ended.addAll(won("proposer", GameRecord.Status.PROPOSER_WON, own));
    }
    credited.keySet().retainAll(ended.stream().map(game -> Hex.of(game.id)).toList());
    if (!ended.isEmpty()) {
      long read = QuarkusTransaction.requiringNew().call(Settlement::read);
      ended.removeIf(game -> credited.getOrDefault(Hex.of(game.id), -1L) > read);
    }
    EachRow.of(ended, LOG, game -> "settlement of game " + Hex.of(game.id), this::settle);
  }

  private static List<GameRecord> won(String by, GameRecord.Status status, String own) {
    String which = "status = ?1 and " + by + " = ?2 and not settled order by sequence";
    return QuarkusTransaction.requiringNew()
        .call(() -> GameRecord.list(which, status, own.toLowerCase(Locale.ROOT)));
  }

  /** The newest block that the indexer has read. */
  private static long read() {
    Object next =
        GameRecord.getEntityManager()
            .createNativeQuery("select max(next_block) from chain_cursor", Long.class)
            .getSingleResult();
    return ((Number) next).longValue() - 1;
  }

  private void settle(GameRecord game) {
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    boolean won = game.status == GameRecord.Status.CHALLENGER_WON;
    String id = Hex.of(game.id);
    boolean done =
        won
            ? dispute.isSettled(game.id)
            : dispute.isOver(game.id) && dispute.claim(game.claimId).wonGames() == 0;
    if (done) {
      if (credited.put(id, parties.chain().head()) != null) {
        // all was read, and nothing told of it: what read it knew no such event yet
        QuarkusTransaction.requiringNew().run(() -> games.settled(game.id));
      }
      return;
    }
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
