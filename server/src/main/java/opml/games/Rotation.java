package opml.games;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which of several things is used: each time another first, and in its turn the next ones. */
final class Rotation<T> {
  private List<T> left = List.of();
  private int begun;

  /** A new turn: the first is the one after that of the turn before. */
  void begin(List<T> all) {
    left = new ArrayList<>(all);
    Collections.rotate(left, -(begun++ % all.size()));
  }

  /** The one in use; null when all have had their turn. */
  T at() {
    return left.isEmpty() ? null : left.getFirst();
  }

  /** Leaves the one in use for this turn. */
  T next() {
    left.removeFirst();
    return at();
  }
}
