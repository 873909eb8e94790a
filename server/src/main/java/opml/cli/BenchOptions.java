package opml.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the measurements of models share. */
final class BenchOptions {
  @Option(names = "--model", required = true, paramLabel = "F", description = "A GGUF file.")
  String model;

  @Mixin ThreadsOption threads;

  @Option(
      names = "--llama-bench",
      paramLabel = "PATH",
      description = "A built llama-bench: measured in turns with this engine.")
  Path llamaBench;

  @Option(names = "--rounds", description = "Turns; the median counts.", defaultValue = "5")
  int rounds;

  @Option(names = "--json", description = "Prints JSON.")
  boolean json;
}
