package opml.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import opml.catalog.ModelImage;
import opml.catalog.ModelInfo;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.inference.Engine;
import opml.inference.Precision;

/** Measures the precision gate and keeps its figures with the model. */
final class Gate {
  private static final String TEXT = "/opml/gate.txt";

  private Gate() {}

  /** The short text that ships with the program, measured at import. */
  static String builtIn() throws IOException {
    try (InputStream in = Gate.class.getResourceAsStream(TEXT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static ModelInfo.Gate measure(ModelStore store, ModelImage image, int threads, String text)
      throws IOException {
    int[] tokens = Perplexity.tokens(image, text);
    if (tokens.length == 0) {
      throw new IllegalArgumentException("the text is empty");
    }
    Progress progress = Out.progress();
    try (Engine engine = new Engine(image, threads)) {
      ModelInfo.Gate gate =
          Precision.gate(image, engine, tokens, n -> progress.at("gate", n, tokens.length));
      store.record(image.name(), gate);
      return gate;
    }
  }
}
