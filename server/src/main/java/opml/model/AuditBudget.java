package opml.model;

/**
 * How many operators may be audited: on average a share of the time that answers take. Where there
 * is not enough for one, chance decides, so that nobody knows which answers are looked at.
 */
public final class AuditBudget {
  /** What may be saved up: audits of this long. */
  private static final int SAVED = 16;

  private static final double FIRST_GUESS = 20e6; // nanoseconds an operator

  private final double share;
  private double cost = FIRST_GUESS;
  private double credit;

  /** A budget of so many percent. */
  public AuditBudget(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalStateException("opml.audit.share is " + percent + ": use 0 to 100");
    }
    share = percent / 100;
  }

  /** An answer took so long. */
  public synchronized void earn(long nanos) {
    credit = Math.min(credit + share * nanos, SAVED * cost);
  }

  /**
   * Operators to audit now.
   *
   * @param most so many at most
   * @param chance from 0 to 1, drawn anew each time
   */
  public synchronized int draw(int most, double chance) {
    double affordable = Math.max(0, Math.min(most, credit / cost));
    int whole = (int) affordable;
    return whole + (chance < affordable - whole ? 1 : 0);
  }

  /** An audit of one operator took so long. */
  public synchronized void spend(long nanos) {
    credit -= nanos;
    cost += (nanos - cost) / 8;
  }
}
