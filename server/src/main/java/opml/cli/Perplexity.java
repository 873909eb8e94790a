package opml.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.catalog.Progress;
import opml.inference.Engine;
import opml.inference.ModelTables;
import opml.inference.Precision;
import opml.tokenizer.TextTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Perplexity of a text. */
@Command(
    name = "perplexity",
    mixinStandardHelpOptions = true,
    description = "Perplexity of a text: whole chunks, each from an empty context, second halves.")
final class Perplexity implements Callable<Integer> {
  @Mixin private ModelOption model;
  @Mixin private ThreadsOption threads;

  @Option(names = "--text", required = true, paramLabel = "FILE", description = "A UTF-8 text.")
  private Path text;

  @Option(
      names = "--context",
      converter = WholeNumber.FromOne.class,
      description = "Tokens of a chunk (default: ${DEFAULT-VALUE}).")
  private int context = 512;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (ModelImage image = model.openText();
        Engine engine = new Engine(image, threads.count())) {
      int[] tokens = tokens(image, text);
      if (context < 2 || context > image.info().context()) {
        throw new IllegalArgumentException(
            "--context is " + context + ": give 2 to " + image.info().context());
      }
      if (tokens.length < context) {
        throw new IllegalArgumentException(
            text + " has " + tokens.length + " tokens: give a longer text or a smaller --context");
      }
      Progress progress = Out.progress();
      Precision.Score score =
          Precision.score(
              engine,
              tokens,
              context,
              image.info().vocabulary(),
              n -> progress.at("perplexity", n, tokens.length));
      if (json) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("perplexity", score.perplexity());
        out.put("scored", score.scored());
        out.put("tokens", tokens.length);
        Out.json(out);
      } else {
        System.out.println(score.perplexity());
      }
    }
    return 0;
  }

  static int[] tokens(ModelImage image, Path file) throws IOException {
    return tokens(image, TextFile.read(file, "--text"));
  }

  static int[] tokens(ModelImage image, String text) {
    return new TextTokenizer(ModelTables.tokenizer(image.weightsSegment()), false).encode(text);
  }
}
