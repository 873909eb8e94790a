package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.inference.Engine;
import opml.inference.ReadSpeed;
import opml.inference.TokenFeed;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures speed, beside llama.cpp where the person has built it. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures speed.")
final class Bench implements Runnable {
  private static final int ROUNDS = 3;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name one of: decode");
  }

  @Command(
      name = "decode",
      mixinStandardHelpOptions = true,
      description = "Tokens per second of generation, greedy, from an empty context.")
  int decode(
      @Option(names = "--model", required = true, paramLabel = "F", description = "A GGUF file.")
          String model,
      @Mixin ThreadsOption threads,
      @Option(names = "--tokens", description = "Tokens of a round.", defaultValue = "64")
          int tokens,
      @Option(names = "--llama-bench", paramLabel = "PATH", description = "A built llama-bench.")
          Path llamaBench,
      @Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    try (ModelImage image = ModelOption.open(ModelStore.standard(), model);
        Engine engine = new Engine(image, threads.count())) {
      long until = System.nanoTime() + 8_000_000_000L;
      while (System.nanoTime() < until) {
        speed(engine, tokens);
      }
      double[] ours = new double[ROUNDS];
      double[] theirs = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        ours[i] = speed(engine, tokens);
        theirs[i] = llamaBench == null ? 0 : llama(llamaBench, model, threads.count(), tokens);
      }
      Arrays.sort(ours);
      Arrays.sort(theirs);
      double read = ReadSpeed.measure(image.weightsSegment(), threads.count());
      double own = ours[ROUNDS / 2];
      double peer = theirs[ROUNDS / 2];
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("what", "decode " + image.name() + " " + threads.count() + " threads");
      row.put("ours", round(own));
      row.put("theirs", llamaBench == null ? null : round(peer));
      row.put("ratio", llamaBench == null ? null : round(own / peer));
      row.put("bandwidthShare", round(own * image.weightsSegment().byteSize() / read));
      if (json) {
        Out.json(Map.of("rows", List.of(row)));
      } else {
        System.out.printf(Locale.ROOT, "%s%n", row);
      }
    }
    return 0;
  }

  private static double round(double v) {
    return Math.round(v * 100) / 100.0;
  }

  private static double speed(Engine engine, int tokens) {
    try (TokenFeed feed = new TokenFeed(engine)) {
      int token = feed.greedy(0);
      long start = System.nanoTime();
      for (int i = 0; i < tokens; i++) {
        token = feed.greedy(token);
      }
      return tokens * 1e9 / (System.nanoTime() - start);
    }
  }

  private static double llama(Path bench, String model, int threads, int tokens)
      throws IOException {
    Process p =
        new ProcessBuilder(
                bench.toString(),
                "-m",
                model,
                "-t",
                "" + threads,
                "-p",
                "0",
                "-n",
                "" + tokens,
                "-r",
                "3",
                "-o",
                "json")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    JsonNode out = Out.JSON.readTree(p.getInputStream());
    if (!out.isArray() || out.isEmpty()) {
      throw new IOException(bench + " printed no result: run it by hand to see why");
    }
    return out.get(0).get("avg_ts").asDouble();
  }
}
