package opml.dispute;

import java.util.List;
import java.util.TreeSet;
import opml.chain.Call;
import opml.game.Move;
import opml.game.Position;
import opml.game.Radix;

/**
 * One transaction to be made: an answer to one game, or to several at the same place.
 *
 * @param games one or more; the same index, width, first state and turn
 */
record Turn(List<GameState> games) {
  /**
   * An answer that was found.
   *
   * @param kind reveal, pick, prove or timeout
   */
  record Answer(String kind, Move move, Call call) {}

  GameState first() {
    return games.getFirst();
  }

  Position position() {
    return first().position();
  }

  /** Indices of the states that the answer may ask the own trace for. */
  void expect(TreeSet<Long> indices) {
    Position p = position();
    if (p.isLeaf()) {
      indices.add(p.loIndex());
      indices.add(p.loIndex() + 1);
      return;
    }
    long stride = Radix.STANDARD.stride(p.width());
    for (int i = 1; i <= Radix.STANDARD.reveals(); i++) {
      indices.add(p.loIndex() + i * stride);
    }
  }
}
