package opml.dispute;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import opml.chain.Hex;
import opml.chain.Outbox;
import opml.chain.Reverted;
import opml.chain.Sent;
import opml.game.Clock;
import opml.game.Move;
import opml.game.Position;
import opml.game.Radix;
import opml.game.Trace;

/**
 * One side of the games about a claim. It remembers nothing that matters: after a restart the chain
 * says where each game stands, the claim's bytes give the trace, and the outbox knows each move by
 * the position it answers.
 *
 * <p>Moves are handed over without waiting, those of the nearest clock first; what they need of the
 * trace is computed for many of them in one pass.
 */
public abstract sealed class Player permits ProposerPlayer, ChallengerPlayer {
  private static final int ATTEMPTS = 3;

  /** Transactions thought about at once: few enough for the nearest clock not to wait long. */
  private static final int PASS = 64;

  /** What the chain says when a position was answered meanwhile, by whomever, or too late. */
  private static final Set<String> OVER = Set.of("StalePosition", "ClaimNotOpen", "ClockUsedUp");

  final Outbox outbox;
  final Trace trace;
  private final String side;
  private final Consumer<Played> record;
  private final Map<String, Flight> flights = new HashMap<>(); // by key
  private final Map<String, Integer> attempts = new HashMap<>(); // by key without attempt
  private Table table;

  Player(Table table, Outbox outbox, Trace trace, String side, Consumer<Played> record) {
    this.table = table;
    this.outbox = outbox;
    this.trace = trace;
    this.side = side;
    this.record = record;
  }

  /** A move that is not known to be mined. */
  private record Flight(String plainKey, Turn turn, Turn.Answer answer, long start, long handed) {}

  /** Whether a game that goes on is this player's. */
  abstract boolean concerns(GameState game);

  /** Puts those games together that one transaction answers. */
  abstract List<Turn> turns(List<GameState> games);

  /** The answer to give now; null when there is none. */
  abstract Turn.Answer answer(Table at, Turn turn, long now);

  /** Looks at the chain through another endpoint from now on. */
  public final void sitAt(Table other) {
    table = other;
  }

  /** Moves handed over that are not known to be mined. */
  public final int waits() {
    return flights.size();
  }

  /**
   * Hands over the moves that are this side's to make in the games of a claim, up to some dozens;
   * returns how many. To be called again until there are none.
   */
  public final int play(byte[] claimId) {
    collect();
    long now = table.now();
    Set<String> answered = new HashSet<>();
    flights.values().forEach(f -> f.turn().games().forEach(g -> answered.add(place(g))));
    List<GameState> open = new ArrayList<>();
    for (GameState game : table.games(claimId)) {
      boolean goesOn = !game.isOver() && game.position() != null;
      if (goesOn && concerns(game) && !answered.contains(place(game))) {
        open.add(game);
      }
    }
    open.sort(Comparator.comparingLong(game -> deadline(game.position())));
    List<Turn> turns = turns(open);
    int made = 0;
    for (int i = 0; i < turns.size() && made == 0; i += PASS) {
      made = pass(turns.subList(i, Math.min(turns.size(), i + PASS)), now);
    }
    return made;
  }

  private static String place(GameState game) {
    return Hex.of(game.position().hash());
  }

  /** Seconds since the epoch at which the clock that runs is used up. */
  public static long deadline(Position p) {
    int left = p.turn() == Position.PROPOSER ? p.proposerLeft() : p.challengerLeft();
    return p.movedAt() + Integer.toUnsignedLong(left);
  }

  private int pass(List<Turn> turns, long now) {
    final long begun = System.nanoTime();
    if (turns.size() > 1) { // else the answer asks in order, and for no more than it needs
      TreeSet<Long> wanted = new TreeSet<>();
      turns.stream().filter(turn -> needsTrace(turn, now)).forEach(turn -> turn.expect(wanted));
      trace.expect(wanted);
    }
    List<Runnable> posts = new ArrayList<>();
    long shared = System.nanoTime() - begun;
    for (Turn turn : turns) {
      long start = System.nanoTime() - shared;
      try {
        Turn.Answer answer = answer(table, turn, now);
        if (answer != null) {
          posts.add(() -> post(turn, answer, start));
        }
      } catch (RuntimeException e) { // SAFETY: one game must not let the clocks of others run out
        posts.add(
            () -> {
              throw e;
            });
      }
    }
    return Posts.all(posts);
  }

  /** Whether its own clock runs, or it is for everybody to prove. */
  private boolean needsTrace(Turn turn, long now) {
    Position p = turn.position();
    boolean own = p.turn() == (side.equals("proposer") ? Position.PROPOSER : Position.CHALLENGER);
    Clock clock = Clock.of(p, now);
    return own || p.isLeaf() && clock != Clock.PROPOSER_LOST && clock != Clock.CHALLENGER_LOST;
  }

  /** A position that was answered meanwhile is no error: the next look at the chain shows it. */
  private void post(Turn turn, Turn.Answer answer, long start) {
    String plain = side + " " + answer.kind() + " " + place(turn.first());
    String key;
    synchronized (flights) {
      int again = attempts.getOrDefault(plain, 0);
      key = again == 0 ? plain : plain + " again " + again;
    }
    long handed = System.nanoTime();
    Flight flight = new Flight(plain, turn, answer, start, handed);
    Optional<Sent> sent;
    try {
      sent = outbox.post(key, answer.call(), answer.move().reason());
    } catch (Reverted e) {
      if (OVER.contains(e.error())) {
        return;
      }
      throw e;
    }
    synchronized (flights) {
      if (sent.isEmpty()) {
        flights.put(key, flight);
      } else {
        landed(flight, sent.get());
      }
    }
  }

  /** Notes what was mined since the last look. */
  private void collect() {
    if (flights.isEmpty()) {
      return;
    }
    outbox.tend();
    synchronized (flights) {
      List<String> keys = List.copyOf(flights.keySet());
      for (String key : keys) {
        try {
          outbox.outcome(key).ifPresent(sent -> landed(flights.remove(key), sent));
        } catch (Reverted e) {
          flights.remove(key);
        }
      }
    }
  }

  /**
   * A move that was mined but reverted, for want of gas or in a race, is tried again as a new one:
   * if the position was answered meanwhile, the chain then refuses it before it is sent.
   */
  private void landed(Flight flight, Sent sent) {
    if (sent.succeeded()) {
      record.accept(played(flight, sent));
      return;
    }
    int again = attempts.merge(flight.plainKey(), 1, Integer::sum);
    if (again > ATTEMPTS) {
      String why = flight.plainKey() + ": mined and reverted " + again + " times";
      throw new Reverted(why, new byte[0]);
    }
  }

  private Played played(Flight flight, Sent sent) {
    Position p = flight.turn().position();
    Move move = flight.answer().move();
    List<byte[]> states =
        move instanceof Move.Reveal r ? r.states() : flight.turn().first().revealed();
    int segment = move instanceof Move.Pick pick ? pick.segment() : -1;
    List<byte[]> own = List.of();
    if (segment >= 0) {
      long stride = Radix.STANDARD.stride(p.width());
      int known = Math.min(segment + 1, Radix.STANDARD.reveals());
      own = trace.states(p.loIndex() + stride, stride, known);
    }
    return new Played(
        p.moves() / 2 + 1,
        side,
        flight.answer().kind(),
        p.gameId(),
        p,
        segment,
        states,
        own,
        flight.answer().call().data().length,
        sent.gas(),
        sent.transaction(),
        (System.nanoTime() - flight.start()) / 1_000_000,
        (flight.handed() - flight.start()) / 1_000_000,
        move.reason());
  }
}
