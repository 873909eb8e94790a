package opml.game;

import java.util.Arrays;
import java.util.List;

/** The referee: which position follows from a legal move. Mirrors the dispute contract. */
public record Rules(Radix radix) {
  public static final Rules STANDARD = new Rules(Radix.STANDARD);

  /** A new game over 2^width steps, the proposer to reveal. */
  public Position open(
      byte[] gameId,
      byte[] first,
      byte[] last,
      int width,
      long now,
      int proposerClock,
      int challengerClock) {
    return new Position(
        gameId,
        0,
        width,
        Position.PROPOSER,
        first,
        last,
        Position.NO_REVEAL,
        now,
        proposerClock,
        challengerClock,
        0);
  }

  /** The position after the proposer reveals. */
  public Position reveal(Position p, List<byte[]> states, long now) {
    require(p.turn() == Position.PROPOSER, "the challenger is to move");
    require(!p.isLeaf(), "one step is left: prove it");
    require(Clock.of(p, now) == Clock.PROPOSER_RUNS, "the proposer's clock is used up");
    byte[] root = radix.root(p.lo(), states);
    int left = p.proposerLeft() - (int) (now - p.movedAt());
    return new Position(
        p.gameId(),
        p.loIndex(),
        p.width(),
        Position.CHALLENGER,
        p.lo(),
        p.hi(),
        root,
        now,
        left,
        p.challengerLeft(),
        p.moves() + 1);
  }

  /** The position after the challenger picks a segment. */
  public Position pick(Position p, Move.Pick pick, long now) {
    require(p.turn() == Position.CHALLENGER, "the proposer is to move");
    require(Clock.of(p, now) == Clock.CHALLENGER_RUNS, "the challenger's clock is used up");
    int segment = pick.segment();
    require(segment >= 0 && segment < radix.parts(), "segment out of range");
    require(inTree(p, pick.lo(), segment, pick.loBranch()), "lo is not leaf " + segment);
    require(endsSegment(p, pick), "hi is not the next leaf");
    int left = p.challengerLeft() - (int) (now - p.movedAt());
    return new Position(
        p.gameId(),
        p.loIndex() + segment * radix.stride(p.width()),
        p.width() - radix.log2(),
        Position.PROPOSER,
        pick.lo(),
        pick.hi(),
        Position.NO_REVEAL,
        now,
        p.proposerLeft(),
        left,
        p.moves() + 1);
  }

  /** Whether the proposer wins the last step, proven to lead from {@code pre} to {@code post}. */
  public boolean proposerWins(Position p, byte[] pre, byte[] post, long now) {
    require(p.isLeaf(), "more than one step is left");
    require(Clock.of(p, now) == Clock.PROPOSER_RUNS, "the proposer's clock is used up");
    require(Arrays.equals(pre, p.lo()), "the witness does not start at lo");
    return Arrays.equals(post, p.hi());
  }

  /** Reveals and picks of a whole game: two a round. */
  public int moves(int width) {
    return 2 * (width / radix.log2());
  }

  /** The last segment ends where the position does, with no branch; every other one at a leaf. */
  private boolean endsSegment(Position p, Move.Pick pick) {
    if (pick.segment() == radix.parts() - 1) {
      return pick.hiBranch().length == 0 && Arrays.equals(pick.hi(), p.hi());
    }
    return inTree(p, pick.hi(), pick.segment() + 1, pick.hiBranch());
  }

  private boolean inTree(Position p, byte[] state, int leaf, byte[] branch) {
    return Arrays.equals(radix.climb(state, leaf, branch), p.reveal());
  }

  private static void require(boolean rule, String broken) {
    if (!rule) {
      throw new IllegalMove(broken);
    }
  }
}
