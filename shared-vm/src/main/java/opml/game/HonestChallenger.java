package opml.game;

import java.util.Arrays;
import java.util.List;

/** What a challenger does who has replayed the claim: lo right, hi wrong is always kept. */
public record HonestChallenger(Radix radix) {
  /** Whether a claim that s(2^width) is {@code claimed} deserves a game. */
  public boolean doubts(byte[] claimed, int width, Trace trace) {
    return !Arrays.equals(claimed, trace.state(1L << width));
  }

  /**
   * The next move in {@code p} at time {@code now} (seconds since the epoch).
   *
   * @param revealed the states of the last reveal; unused unless the challenger is to pick
   */
  public Move next(Position p, List<byte[]> revealed, Trace trace, long now) {
    Clock clock = Clock.of(p, now);
    if (clock == Clock.PROPOSER_LOST) {
      return new Move.Timeout("the proposer's clock is used up");
    }
    if (p.isLeaf()) {
      return prove(p, trace);
    }
    if (p.turn() == Position.PROPOSER) {
      return new Move.Wait("the proposer is to reveal");
    }
    if (clock == Clock.CHALLENGER_LOST) {
      return new Move.Resign("the own clock is used up");
    }
    return pick(p, revealed, trace);
  }

  private Move pick(Position p, List<byte[]> revealed, Trace trace) {
    long stride = radix.stride(p.width());
    int agreed = 0; // states after the first that differs need not be known
    while (agreed < radix.reveals()
        && Arrays.equals(trace.state(p.loIndex() + (agreed + 1) * stride), revealed.get(agreed))) {
      agreed++;
    }
    boolean last = agreed == radix.reveals();
    // Only the last cut is unseen by the loop: if it is right too, there is nothing to counter.
    if (last && Arrays.equals(p.hi(), trace.state(p.hiIndex()))) {
      return new Move.Resign("every revealed state and the last one are right");
    }
    byte[] lo = agreed == 0 ? p.lo() : revealed.get(agreed - 1);
    return new Move.Pick(
        agreed,
        lo,
        radix.branch(p.lo(), revealed, agreed),
        last ? p.hi() : revealed.get(agreed),
        last ? new byte[0] : radix.branch(p.lo(), revealed, agreed + 1),
        "first state that differs is " + (agreed + 1) + " of " + radix.parts());
  }

  private static Move prove(Position p, Trace trace) {
    byte[] after = trace.state(p.loIndex() + 1);
    if (Arrays.equals(after, p.hi())) {
      return new Move.Resign("the step leads to the claimed state");
    }
    return new Move.Prove(
        trace.witness(p.loIndex()), "step " + p.loIndex() + " does not lead to the claimed state");
  }
}
