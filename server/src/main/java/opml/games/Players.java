package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.chain.DisputeContract;
import opml.claim.Claims;
import opml.dispute.ChallengerPlayer;
import opml.dispute.Played;
import opml.dispute.Player;
import opml.dispute.ProposerPlayer;
import opml.dispute.Table;
import opml.game.Trace;
import opml.http.Hex;
import opml.outbox.Parties;
import opml.outbox.Transactions;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/** Plays the running games that are ours: as proposer of the claim, as validator against it. */
@ApplicationScoped
class Players {
  private static final Logger LOG = Logger.getLogger(Players.class);

  private final Claims claims;
  private final Traces traces;
  private final Parties parties;
  private final Roles roles;

  Players(Claims claims, Traces traces, Parties parties, Roles roles) {
    this.claims = claims;
    this.traces = traces;
    this.parties = parties;
    this.roles = roles;
  }

  private record Seat(byte[] claimId, boolean proposer) {}

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void play() {
    for (Seat seat : seats()) {
      try {
        play(seat);
      } catch (RuntimeException e) { // one bad row must not stop the others
        LOG.warnf("claim %s: %s", Hex.of(seat.claimId()), e.getMessage());
      }
    }
  }

  private void play(Seat seat) {
    Trace trace = claims.known(seat.claimId()).map(traces::of).orElse(null);
    if (trace == null) {
      LOG.warnf("claim %s: no bytes or no model to play with", Hex.of(seat.claimId()));
      return;
    }
    DisputeContract dispute =
        new DisputeContract(parties.chain(), parties.deployment().contracts().dispute());
    Table table = new Table(parties.chain(), dispute, parties.deployment().firstBlock());
    Player player =
        seat.proposer()
            ? new ProposerPlayer(table, parties.proposing(), trace, Players::note)
            : new ChallengerPlayer(table, parties.validating(), trace, Players::note);
    player.play(seat.claimId());
  }

  private static void note(Played played) {
    QuarkusTransaction.requiringNew().run(() -> MoveNote.keep(played));
  }

  /** Claims with running games in which an account of this process sits. */
  private List<Seat> seats() {
    Map<String, Seat> seats = new LinkedHashMap<>();
    for (GameRecord game : QuarkusTransaction.requiringNew().call(Players::running)) {
      boolean defends = roles.plays(Role.PROPOSER) && is(parties.proposing(), game.proposer);
      boolean attacks = roles.plays(Role.VALIDATOR) && is(parties.validating(), game.challenger);
      String claim = Hex.of(game.claimId);
      if (defends) {
        seats.put(claim + " p", new Seat(game.claimId, true));
      }
      if (attacks) {
        seats.put(claim + " c", new Seat(game.claimId, false));
      }
    }
    return List.copyOf(seats.values());
  }

  private static boolean is(Transactions account, String address) {
    return account.account().equalsIgnoreCase(address);
  }

  private static List<GameRecord> running() {
    return GameRecord.list("status = ?1 order by sequence", GameRecord.Status.RUNNING);
  }
}
