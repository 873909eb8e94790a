package opml.games;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * In which order claims are replayed: by the end of their windows while all can be done in time;
 * else so that as few as possible are late (Moore and Hodgson: of those before the first that would
 * be late, the longest is put off). A flood of long true claims thus delays itself, not the check
 * of a short false one.
 *
 * @param inTime in the order to be done
 * @param late those that cannot be done before their windows end, short ones first
 * @param seconds for all that are in time
 */
record Backlog<T>(List<Job<T>> inTime, List<Job<T>> late, double seconds) {
  /**
   * One replay.
   *
   * @param end of the claim's window, seconds since the epoch
   * @param cost estimated, seconds
   */
  record Job<T>(T claim, long end, double cost) {}

  /**
   * A plan.
   *
   * @param now seconds since the epoch
   * @param margin seconds before the end by which a replay must be over, for the challenge's block
   */
  static <T> Backlog<T> of(Collection<Job<T>> jobs, long now, long margin) {
    PriorityQueue<Job<T>> longest =
        new PriorityQueue<>(Comparator.comparingDouble((Job<T> job) -> -job.cost()));
    List<Job<T>> late = new ArrayList<>();
    double busy = 0;
    for (Job<T> job : jobs.stream().sorted(Comparator.comparingLong(Job::end)).toList()) {
      longest.add(job);
      busy += job.cost();
      if (now + busy > job.end() - margin) {
        Job<T> off = longest.remove();
        busy -= off.cost();
        late.add(off);
      }
    }
    late.sort(Comparator.comparingDouble(Job::cost));
    List<Job<T>> inTime = longest.stream().sorted(Comparator.comparingLong(Job::end)).toList();
    return new Backlog<>(inTime, List.copyOf(late), busy);
  }

  /** What to do now; null when there is nothing. */
  T next() {
    if (!inTime.isEmpty()) {
      return inTime.getFirst().claim();
    }
    return late.isEmpty() ? null : late.getFirst().claim();
  }
}
