package opml.chain;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Which of several heads to believe. */
final class Heads {
  /** An endpoint that stands still so long while another goes on is left out. */
  private static final long STALE = TimeUnit.SECONDS.toNanos(60);

  private final long[] heads;
  private final long[] changedAt;

  Heads(int endpoints) {
    heads = new long[endpoints];
    changedAt = new long[endpoints];
    Arrays.fill(heads, -1);
  }

  /** An endpoint tells its head. */
  synchronized void told(int endpoint, long head, long now) {
    if (heads[endpoint] != head) {
      heads[endpoint] = head;
      changedAt[endpoint] = now;
    }
  }

  /**
   * The middle one of those that told theirs, the lower of two, so that nobody is led by one that
   * is far ahead; one that stands still is left out.
   */
  synchronized long believed(List<Integer> told, long now) {
    boolean moves = told.stream().anyMatch(i -> now - changedAt[i] < STALE);
    List<Long> heard =
        told.stream()
            .filter(i -> !moves || now - changedAt[i] < STALE)
            .map(i -> heads[i])
            .sorted()
            .toList();
    return heard.get((heard.size() - 1) / 2);
  }
}
