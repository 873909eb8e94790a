package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.chain.Hex;
import opml.inference.Engine;
import opml.inference.Run;
import opml.outbox.Deployed;
import opml.request.Answer;

/** Answers on this machine, without a server: nothing is committed. */
final class LocalAnswer {
  private LocalAnswer() {}

  /**
   * Runs the model.
   *
   * @param pieces gets the text as it grows
   */
  static Reply of(ModelImage image, int threads, Question question, Consumer<String> pieces)
      throws IOException {
    byte[] request = question.encode(image.info().context());
    try (Engine engine = new Engine(image, threads);
        Run run = engine.start(request)) {
      while (run.promptTokens().length == 0 && run.operator()) {
        // the tokenizer's operators
      }
      while (run.completionTokens().length == 0 && run.operator()) {
        // the prompt's forward pass: its time is not that of generation
      }
      final long start = System.nanoTime();
      final int before = run.completionTokens().length;
      run.finish(pieces, () -> false);
      if (run.faulted()) {
        throw new IOException("the guest faulted: " + run.faultReason());
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      Answer answer = Answer.decode(run.output());
      int made = run.completionTokens().length - before;
      return new Reply(
          answer.text(),
          run.promptTokens(),
          run.completionTokens(),
          answer.status().name().toLowerCase(Locale.ROOT),
          made > 0 && seconds > 0 ? made / seconds : 0,
          modelId(image),
          null);
    }
  }

  /** The model's id under the verifier that {@code start} deployed here, or null. */
  static String modelId(ModelImage image) {
    Path deployment = ModelStore.home().resolve("chain/deployment.json");
    if (!Files.exists(deployment)) {
      return null;
    }
    String verifier = Deployed.read(deployment).contracts().verifier();
    return Hex.of(image.modelId(Hex.bytes(verifier)));
  }
}
