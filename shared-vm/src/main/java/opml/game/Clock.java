package opml.game;

/**
 * Whose clock runs, or who has used it up: one pure function with four disjoint outcomes (INV-09).
 *
 * <p>Chess clocks without increment or extension, in seconds. A side that has {@code left} seconds
 * at {@code movedAt} may move while {@code now - movedAt < left} and has lost from then on, so a
 * move and a timeout are never both possible.
 */
public enum Clock {
  PROPOSER_RUNS,
  CHALLENGER_RUNS,
  PROPOSER_LOST,
  CHALLENGER_LOST;

  /** Classifies a running game at time {@code now} (seconds since the epoch). */
  public static Clock of(Position p, long now) {
    boolean lost = now - p.movedAt() >= left(p);
    if (p.turn() == Position.PROPOSER) {
      return lost ? PROPOSER_LOST : PROPOSER_RUNS;
    }
    return lost ? CHALLENGER_LOST : CHALLENGER_RUNS;
  }

  /** Seconds the side to move had left when its clock started. */
  static long left(Position p) {
    int left = p.turn() == Position.PROPOSER ? p.proposerLeft() : p.challengerLeft();
    return Integer.toUnsignedLong(left);
  }
}
