package opml.games;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import opml.chain.Chain;
import opml.chain.ChainDown;
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
import opml.role.EachRow;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;

/**
 * Plays the running games that are ours: as proposer of the claim, as validator against it. Claims
 * whose games have the nearest clock come first; each time the chain is looked at through another
 * endpoint, so that one that hides moves can delay us only.
 */
@ApplicationScoped
class Players {
  private static final Logger LOG = Logger.getLogger(Players.class);

  /** Looks at all seats before the database is asked for new ones. */
  private static final int ROUNDS = 50;

  private final Claims claims;
  private final Challenges challenges;
  private final Traces traces;
  private final Parties parties;
  private final Roles roles;
  private final Map<String, Player> players = new HashMap<>(); // by seat
  private final Map<String, Table> tables = new HashMap<>(); // by endpoint and claim
  private final Rotation<Chain> rotation = new Rotation<>();
  private final Precedence precedence = new Precedence(); // of seats

  Players(Claims claims, Challenges challenges, Traces traces, Parties parties, Roles roles) {
    this.claims = claims;
    this.challenges = challenges;
    this.traces = traces;
    this.parties = parties;
    this.roles = roles;
  }

  /**
   * A place at a claim's games.
   *
   * @param deadline of the clock that runs out first, seconds since the epoch
   */
  record Seat(byte[] claimId, boolean proposer, long deadline) {
    String name() {
      return "claim " + Hex.of(claimId) + (proposer ? " defended" : " attacked");
    }
  }

  @Scheduled(
      every = "${opml.chain.poll}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void play() {
    List<Seat> seats = seats();
    List<String> names = seats.stream().map(Seat::name).toList();
    players.keySet().retainAll(names);
    precedence.keep(names);
    rotation.begin(parties.chain().endpoints());
    tables
        .keySet()
        .removeIf(name -> seats.stream().noneMatch(seat -> name.endsWith(Hex.of(seat.claimId))));
    List<Seat> busy = precedence.order(seats, Seat::name);
    for (int round = 0; round < ROUNDS && !busy.isEmpty(); round++) {
      List<Seat> moved = new ArrayList<>();
      EachRow.of(
          busy,
          LOG,
          Seat::name,
          seat -> {
            if (look(seat) > 0) {
              moved.add(seat);
            }
          });
      busy = moved;
    }
  }

  /**
   * A silent endpoint costs its time once in a look at all claims, not once a claim. SAFETY: it may
   * be silent about this claim alone, of which a stranger can make it tell very much.
   */
  private int look(Seat seat) {
    ChainDown down = new ChainDown("no endpoint answers", null);
    for (Chain endpoint = rotation.at(); endpoint != null; endpoint = rotation.next()) {
      try {
        int moves = play(seat, endpoint);
        precedence.over(seat.name());
        return moves;
      } catch (ChainDown e) {
        if (e.answered()) {
          throw e;
        }
        down = e;
        precedence.failed(seat.name());
      }
    }
    throw down;
  }

  private int play(Seat seat, Chain endpoint) {
    Claims.Known known = claims.known(seat.claimId()).orElse(null);
    Trace trace = known == null ? null : traces.of(known);
    if (trace == null) {
      throw new IllegalStateException("no bytes or no model to play with");
    }
    Table table =
        tables.computeIfAbsent(
            endpoint.url() + " " + Hex.of(seat.claimId()),
            any -> new Table(endpoint, dispute(endpoint), known.block()));
    Player player =
        players.computeIfAbsent(
            seat.name(),
            any ->
                seat.proposer()
                    ? new ProposerPlayer(table, parties.proposing(), trace, Players::note)
                    : new ChallengerPlayer(table, parties.validating(), trace, Players::note));
    player.sitAt(table);
    return player.play(seat.claimId());
  }

  private DisputeContract dispute(Chain chain) {
    return new DisputeContract(chain, parties.deployment().contracts().dispute());
  }

  private static void note(Played played) {
    QuarkusTransaction.requiringNew().run(() -> MoveNote.keep(played));
  }

  /** Claims with running games in which an account of this process sits, nearest clock first. */
  List<Seat> seats() {
    Map<String, Seat> seats = new LinkedHashMap<>();
    for (GameRecord game : QuarkusTransaction.requiringNew().call(Players::running)) {
      if (game.position.length == 0) {
        continue; // over with the block that opened it
      }
      long deadline = Player.deadline(game.at());
      if (roles.plays(Role.PROPOSER) && is(parties.proposing(), game.proposer) && defends(game)) {
        add(seats, new Seat(game.claimId, true, deadline));
      }
      if (roles.plays(Role.VALIDATOR)
          && is(parties.validating(), game.challenger)
          && attacks(game)) {
        add(seats, new Seat(game.claimId, false, deadline));
      }
    }
    return seats.values().stream().sorted(Comparator.comparingLong(Seat::deadline)).toList();
  }

  /** A stranger may claim anything in our name, with his own bond: gas is ours, so he loses it. */
  private boolean defends(GameRecord game) {
    return claims.isOwn(game.claimId);
  }

  /**
   * A stranger may open games in our name about true claims, or about any before we know: each
   * would cost a replay, and the clocks of our own games run meanwhile. The bond that they lose is
   * his.
   */
  private boolean attacks(GameRecord game) {
    return Arrays.equals(game.id, challenges.game(game.claimId)) || claims.differs(game.claimId);
  }

  private static void add(Map<String, Seat> seats, Seat seat) {
    seats.merge(seat.name(), seat, (a, b) -> a.deadline <= b.deadline ? a : b);
  }

  private static boolean is(Transactions account, String address) {
    return account.account().equalsIgnoreCase(address);
  }

  private static List<GameRecord> running() {
    return GameRecord.list("status = ?1 order by sequence", GameRecord.Status.RUNNING);
  }
}
