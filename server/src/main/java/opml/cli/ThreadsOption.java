package opml.cli;

import picocli.CommandLine.Option;

/** {@code --threads}. */
final class ThreadsOption {
  private static final int DEFAULT_MOST = 8;
  private static final int MOST = 256;

  @Option(
      names = "--threads",
      converter = WholeNumber.FromOne.class,
      description = "Threads; answers do not depend on it (default: the cores, at most 8).")
  private Integer threads;

  int count() {
    if (threads == null) {
      return Math.min(DEFAULT_MOST, Runtime.getRuntime().availableProcessors());
    }
    if (threads > MOST) {
      throw new IllegalArgumentException("--threads is " + threads + ": give 1 to " + MOST);
    }
    return threads;
  }
}
