package opml.games;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * In which order claims are replayed: by the end of their windows while all can be done in time.
 * Else chance decides which ones are, so that no liar can be sure to be put off by a flood of true
 * claims: half of it goes by claims, as each binds the same bond, half by seconds, so that neither
 * many short ones hide a long one nor long ones a short one.
 *
 * @param inTime in the order to be done
 * @param late those that cannot be done before their windows end, in the order of the draw; those
 *     whose windows have ended come last, short ones first
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
   * @param lots a number in (0, 1] for each claim, the same each time, that no stranger foresees
   */
  static <T> Backlog<T> of(
      Collection<Job<T>> jobs, long now, long margin, ToDoubleFunction<T> lots) {
    List<Job<T>> all = jobs.stream().sorted(Comparator.comparingLong(Job::end)).toList();
    List<Job<T>> inTime = new ArrayList<>();
    List<Job<T>> late = new ArrayList<>();
    if (fits(all, now, margin)) {
      inTime.addAll(all);
    } else {
      Timetable table = new Timetable(all.size());
      for (int i : drawn(all, lots)) {
        Job<T> job = all.get(i);
        if (!table.take(i, job.cost(), job.end() - margin - now)) {
          late.add(job);
        }
      }
      for (int i = 0; i < all.size(); i++) {
        if (table.has(i)) {
          inTime.add(all.get(i));
        }
      }
      late.sort( // stable
          Comparator.comparingDouble(job -> job.end() - margin > now ? 0 : 1 + job.cost()));
    }
    double busy = inTime.stream().mapToDouble(Job::cost).sum();
    return new Backlog<>(List.copyOf(inTime), List.copyOf(late), busy);
  }

  private record Drawn(int job, double key) {}

  /** In the order of waits that are exponential, the shorter the heavier: a draw by weights. */
  private static <T> int[] drawn(List<Job<T>> jobs, ToDoubleFunction<T> lots) {
    double mean = jobs.stream().mapToDouble(Job::cost).average().orElse(0);
    List<Drawn> drawn = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      Job<T> job = jobs.get(i);
      double weight = mean > 0 ? 1 + job.cost() / mean : 1;
      drawn.add(new Drawn(i, -Math.log(lots.applyAsDouble(job.claim())) / weight));
    }
    return drawn.stream()
        .sorted(Comparator.comparingDouble(Drawn::key))
        .mapToInt(Drawn::job)
        .toArray();
  }

  /** Whether jobs that are sorted by their ends can all be done in time. */
  private static <T> boolean fits(List<Job<T>> jobs, long now, long margin) {
    double busy = 0;
    for (Job<T> job : jobs) {
      busy += job.cost();
      if (now + busy > job.end() - margin) {
        return false;
      }
    }
    return true;
  }

  /** All of them, in the order in which to do them. */
  List<T> order() {
    return Stream.of(inTime, late).flatMap(List::stream).map(Job::claim).toList();
  }
}
