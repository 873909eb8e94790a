package opml.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.inference.Engine;
import opml.inference.ModelTables;
import opml.inference.ReadSpeed;
import opml.inference.Run;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code opml bench batch}: some answers at once, as the server runs them. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Tokens per second of some answers at once, all together, prompts included.",
      "With --llama-server: the same prompts and numbers of tokens there, in turns."
    })
final class BenchBatch implements Callable<Integer> {
  private static final long WARM_UP_NANOS = 8_000_000_000L;

  @Option(names = "--model", required = true, paramLabel = "F", description = "A GGUF file.")
  private String model;

  @Mixin private ThreadsOption threads;

  @Option(
      names = "--prompts",
      converter = WholeNumber.FromOne.class,
      description = "Answers at once.",
      defaultValue = "4")
  private int prompts;

  @Option(
      names = "--tokens",
      converter = WholeNumber.FromOne.class,
      description = "Tokens of an answer.",
      defaultValue = "64")
  private int tokens;

  @Option(
      names = "--llama-server",
      paramLabel = "PATH",
      description = "A built llama-server: started here, with as many slots as prompts.")
  private Path llamaServer;

  @Option(
      names = "--rounds",
      converter = WholeNumber.FromOne.class,
      description = "Turns; the median counts.",
      defaultValue = "5")
  private int rounds;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  private interface Answers {
    /** Answers a prompt; how many tokens that took. */
    int answer(String prompt) throws Exception;
  }

  @Override
  public Integer call() throws IOException {
    try (ModelImage image = ModelOption.openText(ModelStore.standard(), model);
        Engine engine = new Engine(image, threads.count())) {
      Answers own = prompt -> answer(engine, Request.raw(prompt, tokens).encode());
      List<Double> ours = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      if (llamaServer == null) {
        warmUp(own);
        for (int i = 0; i < rounds; i++) {
          ours.add(speed(own));
        }
      } else {
        try (LlamaServer peer = new LlamaServer(llamaServer, model, threads.count(), prompts)) {
          Answers other = prompt -> peer.answer(prompt, tokens);
          warmUp(own);
          speed(other);
          for (int i = 0; i < rounds; i++) {
            ours.add(speed(own));
            theirs.add(speed(other));
          }
        }
      }
      print(image, ours, theirs);
    }
    return 0;
  }

  private void warmUp(Answers own) throws IOException {
    long until = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < until) {
      speed(own);
    }
  }

  /** Generated tokens per second of all answers together. */
  private double speed(Answers answers) throws IOException {
    try (ExecutorService all = Executors.newFixedThreadPool(prompts)) {
      long start = System.nanoTime();
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < prompts; i++) {
        String prompt = "Story number " + i + ": once upon a time";
        running.add(all.submit(() -> answers.answer(prompt)));
      }
      int generated = 0;
      for (Future<Integer> answer : running) {
        generated += answer.get();
      }
      return generated * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IOException("an answer failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static int answer(Engine engine, byte[] input) {
    try (Run run = engine.start(input)) {
      run.finish(text -> {}, () -> false);
      return run.completionTokens().length;
    }
  }

  private void print(ModelImage image, List<Double> ours, List<Double> theirs) throws IOException {
    double own = BenchRows.median(ours);
    Double peer = theirs.isEmpty() ? null : BenchRows.median(theirs);
    double read = ReadSpeed.measure(image.weightsSegment(), threads.count());
    // each step of all answers together reads the weights once
    double bytes = own / prompts * ModelTables.tokenBytes(image.weightsSegment());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(
        "what", prompts + " answers at once, " + image.name() + " " + threads.count() + " threads");
    row.put("ours", round(own));
    row.put("theirs", peer == null ? null : round(peer));
    row.put("ratio", peer == null ? null : round(own / peer));
    row.put("bandwidthShare", round(bytes / read));
    if (json) {
      Out.json(Map.of("rows", List.of(row)));
    } else {
      System.out.println(row);
    }
  }

  private static double round(double v) {
    return Math.round(v * 100) / 100.0;
  }
}
