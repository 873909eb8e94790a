package opml.game;

import java.util.Arrays;

/** What a proposer does who has computed the claim: reveals are always right (invariant). */
public record HonestProposer(Radix radix) {
  /** The next move in {@code p} at time {@code now} (seconds since the epoch). */
  public Move next(Position p, Trace trace, long now) {
    Clock clock = Clock.of(p, now);
    if (clock == Clock.CHALLENGER_LOST) {
      return new Move.Timeout("the challenger's clock is used up");
    }
    if (clock == Clock.PROPOSER_LOST) {
      return new Move.Resign("the own clock is used up");
    }
    if (p.turn() == Position.CHALLENGER) {
      return new Move.Wait("the challenger is to pick");
    }
    if (p.isLeaf()) {
      return prove(p, trace);
    }
    long stride = radix.stride(p.width());
    return new Move.Reveal(
        trace.states(p.loIndex() + stride, stride, radix.reveals()),
        "own states at the cut points, " + stride + " steps apart");
  }

  private Move prove(Position p, Trace trace) {
    byte[] after = trace.state(p.loIndex() + 1);
    if (!Arrays.equals(after, p.hi())) {
      return new Move.Resign("the claimed state is not the own one: not an own claim");
    }
    return new Move.Prove(
        trace.witness(p.loIndex()), "step " + p.loIndex() + " leads to the claimed state");
  }
}
