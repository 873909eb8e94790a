package opml.cli;

import picocli.CommandLine.Option;

/** {@code --threads}. */
final class ThreadsOption {
  private static final int MOST = 8;

  @Option(
      names = "--threads",
      description = "Threads; answers do not depend on it (default: the cores, at most 8).")
  private int threads;

  int count() {
    if (threads < 0) {
      throw new IllegalArgumentException("--threads is " + threads + ": give 1 or more");
    }
    return threads > 0 ? threads : Math.min(MOST, Runtime.getRuntime().availableProcessors());
  }
}
