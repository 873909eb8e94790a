package opml.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.inference.Engine;
import opml.inference.Run;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench memory}: how soon a process answers, and how much memory it takes. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Seconds from the start of this process to the first token, and resident memory after some.",
      "Name an imported model: of a file, the time to hash it would count."
    })
final class BenchMemory implements Callable<Integer> {
  private static final double KIB_A_GB = 1e9 / 1024;

  @Option(names = "--model", required = true, paramLabel = "NAME", description = "A model.")
  private String model;

  @Option(
      names = "--tokens",
      converter = WholeNumber.FromOne.class,
      defaultValue = "16",
      description = "Tokens of the answer.")
  private int tokens;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private ThreadsOption threads;

  private double first;

  @Override
  public Integer call() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      throw new IOException("resident memory is read from " + status + ", which is not here");
    }
    try (ModelImage image = ModelOption.openText(ModelStore.standard(), model);
        Engine engine = new Engine(image, threads.count());
        Run run = engine.start(Request.raw("Once upon a time", tokens).encode())) {
      long started = ManagementFactory.getRuntimeMXBean().getStartTime();
      run.finish(
          text -> first = first > 0 ? first : (System.currentTimeMillis() - started) / 1e3,
          () -> false);
      BenchRows rows = new BenchRows();
      String of = image.name() + ", " + threads.count() + " threads: ";
      rows.atMost(of + "first token, seconds after start", first, 10);
      rows.atMost(of + "resident memory, GB", field(status, "VmRSS"), 6);
      double own = field(status, "RssAnon") + field(status, "RssShmem");
      rows.atMost(of + "without pages of the weights' file, GB", own, 6);
      rows.print(json);
    }
    return 0;
  }

  private static double field(Path status, String name) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_A_GB;
      }
    }
    throw new IOException(status + " has no " + name);
  }
}
