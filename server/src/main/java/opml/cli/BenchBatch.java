package opml.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import opml.inference.Engine;
import opml.inference.Run;
import opml.request.Request;

/** Some answers at once, as the server runs them. */
final class BenchBatch {
  private BenchBatch() {}

  /** Generated tokens per second of all answers together. */
  static double speed(Engine engine, int prompts, int tokens) throws IOException {
    try (ExecutorService threads = Executors.newFixedThreadPool(prompts)) {
      long start = System.nanoTime();
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < prompts; i++) {
        byte[] input = Request.raw("Story number " + i + ": once upon a time", tokens).encode();
        answers.add(threads.submit(() -> answer(engine, input)));
      }
      int generated = 0;
      for (Future<Integer> answer : answers) {
        generated += answer.get();
      }
      return generated * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IOException("an answer failed", e.getCause());
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
}
