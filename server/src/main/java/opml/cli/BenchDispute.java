package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import opml.catalog.DigitSample;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Terms;
import opml.dispute.Answered;
import opml.dispute.Demo;
import opml.dispute.EngineProgram;
import opml.dispute.Lie;
import opml.dispute.LocalStage;
import opml.dispute.ParallelGames;
import opml.dispute.Played;
import opml.dispute.ReplayTrace;
import opml.dispute.Verdict;
import opml.inference.Engine;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench dispute}: a lie played to the end, round by round. */
@Command(
    name = "dispute",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Plays a lie to the end on a local chain and prints time, bytes and gas of each round.",
      "replaySeconds: a validator that knows nothing of an answer finds it true, which takes"
          + " answerSeconds to be made; OwnMillis: the part of a move before its transaction was"
          + " handed over; gameSeconds: these of both sides, one after the other. What a chain takes"
          + " for its blocks comes on top."
    })
final class BenchDispute implements Callable<Integer> {
  private static final int INSTRUCTIONS = 1000;

  @Option(names = "--model", defaultValue = "opml-tiny", description = "A name or a GGUF file.")
  private String model;

  @Option(
      names = "--tokens",
      converter = WholeNumber.FromOne.class,
      defaultValue = "64",
      description = "Most tokens of the answer.")
  private int tokens;

  @Option(
      names = "--prompt",
      defaultValue = "Tell me a long tale about a lighthouse.",
      description = "The question.")
  private String prompt;

  @Option(
      names = "--lie",
      defaultValue = "activation",
      converter = DemoCommand.Lies.class,
      description = "What about: output, activation or instruction.")
  private Lie lie;

  @Option(names = "--seed", defaultValue = "1", description = "Chooses the planted fault.")
  private long seed;

  @Option(
      names = "--games",
      converter = WholeNumber.FromZero.class,
      defaultValue = "64",
      description = "Games on different paths to be computed at once; 0 leaves it out.")
  private int games;

  @Option(
      names = "--kept",
      converter = WholeNumber.FromZero.class,
      paramLabel = "MIB",
      defaultValue = "256",
      description = "Key/value cache that the honest side keeps.")
  private int kept;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() throws IOException {
    try (ModelImage image = ModelOption.open(ModelStore.standard(), model);
        LocalStage local = new LocalStage()) {
      byte[] input = input(image.program());
      long start = System.nanoTime();
      Answered claimed;
      try (Engine proposer = new Engine(image, threads.count())) {
        claimed = Answered.by(new EngineProgram(image, proposer), input);
      }
      if (claimed == null) {
        throw new IllegalStateException("the model faulted on this prompt: choose another");
      }
      double answering = (System.nanoTime() - start) / 1e9;
      try (Engine engine = new Engine(image, threads.count())) {
        EngineProgram program = new EngineProgram(image, engine);
        try (ReplayTrace honest = new ReplayTrace(program, input, (long) kept << 20)) {
          return play(image, program, input, claimed, answering, honest, local);
        }
      }
    }
  }

  private int play(
      ModelImage image,
      EngineProgram program,
      byte[] input,
      Answered claimed,
      double answering,
      ReplayTrace honest,
      LocalStage local)
      throws IOException {
    long start = System.nanoTime();
    Answered truth = honest.answer(claimed.output());
    if (!Arrays.equals(truth.output(), claimed.output())) {
      throw new IllegalStateException("two runs of the model gave different answers");
    }
    final double replay = (System.nanoTime() - start) / 1e9;
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("model", image.name());
    out.put("threads", threads.count());
    out.put("promptTokens", word(truth.output(), 4));
    out.put("completionTokens", word(truth.output(), 8));
    out.put("operators", truth.operators());
    Verdict verdict =
        new Demo(local.stage(), program, input, true, move -> {}).play(honest, lie, seed);
    out.put("lie", verdict.story());
    out.put("asItShould", verdict.asItShould());
    List<Map<String, Object>> rounds = rounds(verdict.moves());
    double game = sum(verdict.moves()) / 1e3;
    out.put("rounds", rounds);
    out.put("answerSeconds", round(answering));
    out.put("replaySeconds", round(replay));
    out.put("gameSeconds", round(game));
    out.put("seconds", round(replay + game));
    out.put("peakResidentMiB", peak());
    if (games > 0) {
      out.put("parallel", parallel(honest, truth));
    }
    print(out, rounds);
    return verdict.asItShould() ? 0 : 1;
  }

  private byte[] input(GuestProgram program) {
    return program == GuestProgram.LANGUAGE_MODEL
        ? Request.ask(prompt, tokens).encode()
        : Request.image(DigitSample.all().getFirst().pixels());
  }

  /** The most memory that this process has used, mapped weights included; 0 where not known. */
  private static long peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static long word(byte[] bytes, int at) {
    return (bytes[at] & 255L) | (bytes[at + 1] & 255L) << 8 | (bytes[at + 2] & 255L) << 16;
  }

  private static double sum(List<Played> moves) {
    return moves.stream()
        .filter(move -> !move.kind().equals("open"))
        .mapToLong(Played::thinking)
        .sum();
  }

  private static List<Map<String, Object>> rounds(List<Played> moves) {
    Map<Integer, Map<String, Object>> rounds = new TreeMap<>();
    for (Played move : moves) {
      if (move.kind().equals("open")) {
        continue;
      }
      Map<String, Object> row =
          rounds.computeIfAbsent(move.round(), n -> new LinkedHashMap<>(Map.of("round", n)));
      String what = move.kind().equals("prove") ? "prove" : move.by();
      row.put(what + "Millis", move.milliseconds());
      row.put(what + "OwnMillis", move.thinking());
      row.put(what + "Bytes", move.bytes());
      row.put(what + "Gas", move.gas());
    }
    return new ArrayList<>(rounds.values());
  }

  /** How many games at once a proposer's clock allows, by computing alone. */
  private Map<String, Object> parallel(ReplayTrace trace, Answered truth) {
    double seconds = new ParallelGames(trace, truth.operators()).seconds(games, INSTRUCTIONS, seed);
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("games", games);
    out.put("seconds", round(seconds));
    out.put("clockSeconds", Terms.LOCAL.proposerTime());
    out.put("gamesPerClock", (long) (Terms.LOCAL.proposerTime() / (seconds / games)));
    return out;
  }

  private void print(Map<String, Object> out, List<Map<String, Object>> rounds) throws IOException {
    if (json) {
      Out.json(out);
      return;
    }
    out.forEach(
        (name, value) -> {
          if (!name.equals("rounds")) {
            System.out.printf(Locale.ROOT, "%s: %s%n", name, value);
          }
        });
    rounds.forEach(row -> System.out.println(row));
  }

  private static double round(double v) {
    return Math.round(v * 100) / 100.0;
  }
}
