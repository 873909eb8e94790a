package opml.games;

import java.util.Arrays;

/**
 * Jobs that one machine does in the order of their ends, each before its end. Whether one more fits
 * among them is known after a number of steps that grows with the logarithm of their number.
 */
final class Timetable {
  private final int leaves; // a power of two
  private final double[] busy; // by node of a binary tree, root 1: seconds of its jobs
  private final double[] late; // how late one of its jobs is at most, if the first begins at 0

  /** An empty one for so many jobs, which are numbered in the order of their ends. */
  Timetable(int jobs) {
    leaves = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * jobs - 1)));
    busy = new double[2 * leaves];
    late = new double[2 * leaves];
    Arrays.fill(late, Double.NEGATIVE_INFINITY);
  }

  /**
   * Takes a job in if it and all others are then done in time.
   *
   * @param seconds that it takes
   * @param end seconds from now
   */
  boolean take(int job, double seconds, long end) {
    set(job, seconds, seconds - end);
    if (late[1] <= 0) {
      return true;
    }
    set(job, 0, Double.NEGATIVE_INFINITY);
    return false;
  }

  private void set(int job, double seconds, double lateness) {
    int node = leaves + job;
    busy[node] = seconds;
    late[node] = lateness;
    while (node > 1) {
      node >>= 1;
      busy[node] = busy[2 * node] + busy[2 * node + 1];
      late[node] = Math.max(late[2 * node], busy[2 * node] + late[2 * node + 1]);
    }
  }

  /** Whether a job was taken in. */
  boolean has(int job) {
    return late[leaves + job] != Double.NEGATIVE_INFINITY;
  }
}
