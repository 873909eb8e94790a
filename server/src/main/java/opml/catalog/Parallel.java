package opml.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.LongStream;

/** Work on all processors that may fail as files do. */
final class Parallel {
  private Parallel() {}

  /** A part of the work. */
  @FunctionalInterface
  interface Task {
    /** Does the part of a number. */
    void run(long i) throws IOException;
  }

  /** Runs tasks 0 to n - 1. */
  static void run(long n, Task task) throws IOException {
    try {
      LongStream.range(0, n)
          .parallel()
          .forEach(
              i -> {
                try {
                  task.run(i);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
