package opml.cli;

import java.io.IOException;
import java.time.Duration;

/** What one answer of somebody else's may take: so many bytes, and so much time for all of them. */
final class Allowance {
  private final long most;
  private final Duration time;
  private final long end;
  private long passed;

  /** Begins now. */
  Allowance(long most, Duration time) {
    this.most = most;
    this.time = time;
    end = System.nanoTime() + time.toNanos();
  }

  /** Counts bytes of {@code name}. */
  void take(long bytes, String name) throws Spent {
    passed += bytes;
    if (passed > most) {
      throw new Spent(
          name + " sends more than the " + most + " bytes that it may: check --server", null);
    }
  }

  /**
   * The time that is left for {@code name}.
   *
   * @param cause of the error where there is none, or null
   */
  Duration left(String name, IOException cause) throws Spent {
    long nanos = end - System.nanoTime();
    if (nanos <= 0) {
      throw new Spent(
          name + " has not ended after " + time.toSeconds() + " seconds: check --server", cause);
    }
    return Duration.ofNanos(nanos);
  }

  /** There is no more to be had of this answer. */
  static final class Spent extends IOException {
    private static final long serialVersionUID = 1;

    private Spent(String message, IOException cause) {
      super(message, cause);
    }
  }
}
