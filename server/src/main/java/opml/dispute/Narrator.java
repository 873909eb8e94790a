package opml.dispute;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells the moves of a game in the order in which they answer each other, and adds up their gas.
 */
final class Narrator {
  private final Consumer<Played> heard;
  private final List<Played> moves = new ArrayList<>();

  /** By number. A side hears that its move was mined when the other has perhaps answered it. */
  private final TreeMap<Integer, Played> early = new TreeMap<>();

  /**
   * Nothing to tell yet.
   *
   * @param heard gets each move
   */
  Narrator(Consumer<Played> heard) {
    this.heard = heard;
  }

  /** A move was mined. */
  void listen(Played move) {
    early.put(move.before() == null ? 0 : move.before().moves() + 1, move);
    while (!early.isEmpty() && early.firstKey() == moves.size()) {
      tell();
    }
  }

  /** The game is over; where moves are missing, somebody else made them. */
  void end() {
    while (!early.isEmpty()) {
      tell();
    }
  }

  private void tell() {
    Played next = early.pollFirstEntry().getValue();
    moves.add(next);
    heard.accept(next);
  }

  List<Played> all() {
    return List.copyOf(moves);
  }

  /** Gas that a side paid. */
  long gas(String side) {
    return moves.stream().filter(m -> m.by().equals(side)).mapToLong(Played::gas).sum();
  }

  /** Gas of proving the disputed step. */
  long proofGas() {
    return moves.stream().filter(m -> m.kind().equals("prove")).mapToLong(Played::gas).sum();
  }
}
