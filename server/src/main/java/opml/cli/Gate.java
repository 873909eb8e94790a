package opml.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.inference.Engine;
import opml.inference.Precision;

/** Measures the precision gate and keeps its figures with the model. */
final class Gate {
  private static final String TEXT = "/opml/gate.txt";

  /** Weights times positions that nobody has to wait for who did not ask: half a minute or so. */
  private static final long UNASKED = 300_000_000_000L;

  private static final int LEAST = 32;

  private Gate() {}

  /** The short text that ships with the program, measured at import. */
  static String builtIn() throws IOException {
    try (InputStream in = Gate.class.getResourceAsStream(TEXT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Measures a model that has no figures yet; their limits warn, they do not refuse. */
  static void ensure(ModelStore store, ModelImage image, Consumer<String> say) throws IOException {
    boolean text = image.program() == GuestProgram.LANGUAGE_MODEL;
    if (!text || isMeasured(store, image.name())) {
      return;
    }
    say.accept("precision of " + image.name() + ", measured once");
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    ModelInfo.Gate gate = measureBriefly(store, image, threads);
    say.accept("precision: " + words(gate));
  }

  static String words(ModelInfo.Gate gate) {
    return String.format(
        Locale.ROOT,
        "mean KL %.1e, same top token at %.2f %% of %d positions%s",
        gate.meanKl(),
        100 * gate.top1(),
        gate.positions(),
        gate.passed() ? "" : ": outside the limits of its form, answers may be poor");
  }

  /** As the store knows it: an image that was opened before does not. */
  private static boolean isMeasured(ModelStore store, String name) throws IOException {
    return store.list().stream().anyMatch(m -> m.name().equals(name) && m.gate() != null);
  }

  /** Positions of the built-in text that are measured of a large model without being asked. */
  static int positions(long parameters) {
    return (int) Math.clamp(UNASKED / Math.max(1, parameters), LEAST, Integer.MAX_VALUE);
  }

  /** On the built-in text, as much of it as takes little time. */
  static ModelInfo.Gate measureBriefly(ModelStore store, ModelImage image, int threads)
      throws IOException {
    return measure(store, image, threads, builtIn(), positions(image.info().parameters()));
  }

  static ModelInfo.Gate measure(ModelStore store, ModelImage image, int threads, String text)
      throws IOException {
    return measure(store, image, threads, text, Integer.MAX_VALUE);
  }

  private static ModelInfo.Gate measure(
      ModelStore store, ModelImage image, int threads, String text, int most) throws IOException {
    if (image.program() != GuestProgram.LANGUAGE_MODEL) {
      throw new IllegalArgumentException(
          image.name()
              + " reads images: only language models have a reference in floats to compare with");
    }
    int[] all = Perplexity.tokens(image, text);
    int[] tokens = Arrays.copyOf(all, Math.min(all.length, most));
    if (tokens.length == 0) {
      throw new IllegalArgumentException("the text is empty");
    }
    Progress progress = Out.progress();
    try (Engine engine = new Engine(image, threads)) {
      ModelInfo.Gate gate =
          Precision.gate(
              image, engine, tokens, n -> progress.at("Measuring precision", n, tokens.length));
      store.record(image.info(), gate);
      return gate;
    }
  }
}
