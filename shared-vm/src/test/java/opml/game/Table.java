package opml.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import opml.commitment.Keccak;

/** Two players at a table: plays a game under the rules and checks what every game must obey. */
final class Table {
  static final int CLOCK = 1000;

  /** A player; {@code delay} is how many seconds the move takes. */
  interface Player {
    Move next(Position p, List<byte[]> revealed, long now);

    default int delay(Position p, long now) {
      return 1;
    }
  }

  enum Winner {
    PROPOSER,
    CHALLENGER
  }

  final Radix radix;
  final Rules rules;
  final LetterTrace truth;
  final int width;
  final boolean claimIsRight;
  Position p;
  List<byte[]> revealed = List.of();
  long now = 5000;
  int proofs;

  Table(Radix radix, LetterTrace truth, int width, byte[] claimed) {
    this.radix = radix;
    this.rules = new Rules(radix);
    this.truth = truth;
    this.width = width;
    claimIsRight = Arrays.equals(claimed, truth.state(1L << width));
    byte[] id = Keccak.hash(new byte[] {1});
    p = rules.open(id, truth.state(0), claimed, width, now, CLOCK, CLOCK);
  }

  Winner play(Player proposer, Player challenger) {
    long start = now;
    Winner winner = null;
    while (winner == null) {
      winner = turn(proposer, challenger);
    }
    // Rationale: no player can make a game longer than both clocks (T_max less the window).
    assertTrue(now - start <= 2L * CLOCK, "game of " + (now - start) + " seconds");
    // Rationale: cut points are computed, so no player can make a game longer than the bound.
    assertTrue(p.moves() <= rules.moves(width), "moves " + p.moves());
    // Rationale: every segment shrinks by the radix at each pick, whatever was picked.
    assertEquals(width - radix.log2() * (p.moves() / 2), p.width());
    return winner;
  }

  private Winner turn(Player proposer, Player challenger) {
    boolean proposerMoves = p.turn() == Position.PROPOSER;
    Player mover = proposerMoves ? proposer : challenger;
    int delay = mover.delay(p, now);
    // The other side may end a game at the first second at which it can.
    long used = Math.min(delay, Clock.left(p));
    now += used;
    if (Clock.of(p, now) == Clock.PROPOSER_LOST) {
      return Winner.CHALLENGER;
    }
    if (Clock.of(p, now) == Clock.CHALLENGER_LOST) {
      return Winner.PROPOSER;
    }
    if (p.isLeaf()) {
      return leaf(proposer, challenger);
    }
    Move move = mover.next(p, revealed, now);
    if (move instanceof Move.Reveal reveal) {
      p = rules.reveal(p, reveal.states(), now);
      revealed = reveal.states();
    } else if (move instanceof Move.Pick pick) {
      p = rules.pick(p, pick, now);
    } else {
      // A player who does nothing loses by the clock.
      now += Clock.left(p) - used;
      return proposerMoves ? Winner.CHALLENGER : Winner.PROPOSER;
    }
    return null;
  }

  private Winner leaf(Player proposer, Player challenger) {
    for (Player player : List.of(challenger, proposer)) {
      if (player.next(p, revealed, now) instanceof Move.Prove proof) {
        proofs++;
        byte[] pre = Keccak.hash(proof.witness());
        boolean right = rules.proposerWins(p, pre, truth.after(proof.witness()), now);
        return right ? Winner.PROPOSER : Winner.CHALLENGER;
      }
    }
    now += Clock.left(p);
    return Winner.CHALLENGER;
  }

  /** What holds at every position an honest challenger leaves behind. */
  void checkChallengerInvariant() {
    // Rationale: with lo right and hi wrong the one step left must be wrong.
    assertArrayEquals(truth.state(p.loIndex()), p.lo(), "lo is right");
    assertFalse(Arrays.equals(truth.state(p.hiIndex()), p.hi()), "hi is wrong");
  }

  /** What holds at every position when the proposer is honest. */
  void checkProposerInvariant() {
    // Rationale: every state that an honest proposer ever named is right, so any segment is.
    assertArrayEquals(truth.state(p.loIndex()), p.lo(), "lo is right");
    assertArrayEquals(truth.state(p.hiIndex()), p.hi(), "hi is right");
  }

  Player honestProposer() {
    HonestProposer player = new HonestProposer(radix);
    return (at, states, time) -> player.next(at, truth, time);
  }

  Player honestChallenger() {
    HonestChallenger player = new HonestChallenger(radix);
    return (at, states, time) -> {
      Move move = player.next(at, states, truth, time);
      // Rationale: an honest challenger who picks a right segment would lose a won game.
      if (move instanceof Move.Pick pick && !claimIsRight) {
        Position after = new Rules(radix).pick(at, pick, time);
        assertArrayEquals(truth.state(after.loIndex()), after.lo(), "picked a right lo");
        assertFalse(Arrays.equals(truth.state(after.hiIndex()), after.hi()), "picked a wrong hi");
      }
      return move;
    };
  }
}
