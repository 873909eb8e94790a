package opml.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Work on all processors that may fail as files do. */
final class Parallel {
  private Parallel() {}

  /** A part of the work. */
  @FunctionalInterface
  interface Task {
    /** Does the part of a number. */
    void run(long i) throws IOException;
  }

  /**
   * Runs tasks 0 to n - 1: each thread takes the next one, so that none waits long for another at
   * the end. A parallel stream makes four shares of all for two processors.
   */
  static void run(long n, Task task) throws IOException {
    AtomicLong next = new AtomicLong();
    try {
      IntStream.range(0, Runtime.getRuntime().availableProcessors())
          .parallel()
          .forEach(thread -> some(next, n, task));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      next.set(n); // threads that did not fail end, too
    }
  }

  private static void some(AtomicLong next, long n, Task task) {
    try {
      for (long i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
        task.run(i);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
