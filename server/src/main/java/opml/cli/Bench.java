package opml.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import opml.catalog.ModelImage;
import opml.inference.Engine;
import opml.inference.ModelTables;
import opml.inference.ReadSpeed;
import opml.inference.TokenFeed;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures speed, beside llama.cpp where the person has built it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchBatch.class,
      BenchOverhead.class,
      BenchMemory.class,
      BenchVm.class,
      BenchMerkle.class,
      BenchDispute.class,
      BenchRoofline.class
    },
    description = "Measures speed.")
final class Bench extends Group {
  private static final long WARM_UP_NANOS = 8_000_000_000L;

  @Command(
      name = "decode",
      mixinStandardHelpOptions = true,
      showDefaultValues = true,
      description = "Tokens per second of generation, greedy.")
  int decode(
      @Mixin BenchOptions options,
      @Option(
              names = "--tokens",
              converter = WholeNumber.FromOne.class,
              description = "Tokens of a round.",
              defaultValue = "64")
          int tokens,
      @Option(
              names = "--depth",
              converter = WholeNumber.FromZero.class,
              description = "Tokens of context before a round.",
              defaultValue = "0")
          int depth)
      throws IOException {
    String what = depth == 0 ? "decode" : "decode after " + depth + " tokens,";
    Work work = depth == 0 ? engine -> decoded(engine, tokens) : new Decode(tokens, depth);
    return measure(options, what, new LlamaBench.Work(0, tokens, depth), work);
  }

  @Command(
      name = "prefill",
      mixinStandardHelpOptions = true,
      showDefaultValues = true,
      description = "Tokens per second of reading a prompt, up to its first prediction.")
  int prefill(
      @Mixin BenchOptions options,
      @Option(
              names = "--tokens",
              converter = WholeNumber.FromOne.class,
              description = "Tokens of the prompt.",
              defaultValue = "128")
          int tokens)
      throws IOException {
    LlamaBench.Work theirs = new LlamaBench.Work(tokens, 0, 0);
    return measure(options, "prefill", theirs, engine -> read(engine, tokens));
  }

  @Command(
      name = "kernel",
      mixinStandardHelpOptions = true,
      description = "Weights per second of the emitted matrix kernel, from the cache, one thread.")
  int kernel(@Option(names = "--json", description = "Prints JSON.") boolean json)
      throws IOException {
    if (!Emission.has(Level.AVX2)) {
      throw new IOException("this processor or system does not run emitted kernels");
    }
    List<Map<String, Object>> rows = BenchKernel.rows();
    if (json) {
      Out.json(Map.of("rows", rows));
    } else {
      rows.forEach(System.out::println);
    }
    return 0;
  }

  private interface Work extends AutoCloseable {
    /** Tokens per second. */
    double speed(Engine engine) throws IOException;

    @Override
    default void close() {}
  }

  /** Rounds of generation that all begin after the same context. */
  private static final class Decode implements Work {
    private final int tokens;
    private final int depth;
    private TokenFeed feed;

    Decode(int tokens, int depth) {
      this.tokens = tokens;
      this.depth = depth;
    }

    @Override
    public double speed(Engine engine) {
      if (feed == null) {
        feed = new TokenFeed(engine);
        feed.prompt(IntStream.range(0, depth).toArray());
      }
      feed.rewind(depth);
      int token = feed.greedy(0);
      feed.rewind(depth);
      long start = System.nanoTime();
      for (int i = 0; i < tokens; i++) {
        token = feed.greedy(token);
      }
      return tokens * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
      if (feed != null) {
        feed.close();
      }
    }
  }

  private static int measure(BenchOptions o, String what, LlamaBench.Work peers, Work work)
      throws IOException {
    int threads = o.threads.count();
    try (ModelImage image = o.open();
        Engine engine = new Engine(image, threads);
        work) {
      int most = image.info().context() - (peers.generated() == 0 ? 0 : 1);
      if (peers.prompt() + peers.generated() + peers.depth() > most) {
        throw new IllegalArgumentException(
            "--tokens and --depth are "
                + most
                + " together at most: "
                + image.name()
                + " has no more");
      }
      long until = System.nanoTime() + WARM_UP_NANOS;
      while (System.nanoTime() < until) {
        work.speed(engine);
      }
      LlamaBench peer = new LlamaBench(o.llamaBench, o.model, threads);
      double[] ours = new double[o.rounds];
      double[] theirs = new double[o.rounds];
      double[] shares = new double[o.rounds]; // of the bandwidth there is just then
      double bytes = ModelTables.tokenBytes(image.weightsSegment());
      for (int i = 0; i < o.rounds; i++) {
        ours[i] = work.speed(engine);
        shares[i] = ours[i] * bytes / ReadSpeed.measure(image.weightsSegment(), threads);
        theirs[i] = o.llamaBench == null ? 0 : peer.speed(peers);
      }
      double own = median(ours);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("what", what + " " + image.name() + " " + threads + " threads");
      row.put("ours", round(own));
      row.put("theirs", o.llamaBench == null ? null : round(median(theirs)));
      row.put("ratio", o.llamaBench == null ? null : round(own / median(theirs)));
      row.put("bandwidthShare", peers.generated() == 0 ? null : round(median(shares)));
      if (o.json) {
        Out.json(Map.of("rows", List.of(row)));
      } else {
        System.out.printf(Locale.ROOT, "%s%n", row);
      }
    }
    return 0;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static double round(double v) {
    return Math.round(v * 100) / 100.0;
  }

  static double decoded(Engine engine, int tokens) {
    try (TokenFeed feed = new TokenFeed(engine)) {
      int token = feed.greedy(0);
      long start = System.nanoTime();
      for (int i = 0; i < tokens; i++) {
        token = feed.greedy(token);
      }
      return tokens * 1e9 / (System.nanoTime() - start);
    }
  }

  static double read(Engine engine, int tokens) {
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = i;
    }
    try (TokenFeed feed = new TokenFeed(engine)) {
      long start = System.nanoTime();
      feed.prompt(ids);
      return tokens * 1e9 / (System.nanoTime() - start);
    }
  }
}
