package opml.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.inference.ModelTables;
import opml.tokenizer.TextTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Texts to token ids with the guest's tokenizer. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description =
        "Reads a JSON array of strings from standard input, prints an array of id arrays.")
final class Tokenize implements Callable<Integer> {
  @Mixin private ModelOption model;

  @Option(names = "--special", description = "Special tokens written in a text count as such.")
  private boolean special;

  @SuppressWarnings("unused") // accepted, as everywhere
  @Option(names = "--json", description = "The only form there is.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    String[] texts;
    try {
      texts = strict().readValue(System.in);
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new IllegalArgumentException(
          "standard input is not a JSON array of strings: " + e.getOriginalMessage(), e);
    }
    if (texts == null) {
      throw new IllegalArgumentException("standard input is null: give a JSON array of strings");
    }
    try (ModelImage image = model.openText()) {
      TextTokenizer tokenizer =
          new TextTokenizer(ModelTables.tokenizer(image.weightsSegment()), special);
      int[][] ids = new int[texts.length][];
      for (int i = 0; i < texts.length; i++) {
        if (texts[i] == null) {
          throw new IllegalArgumentException("text " + i + " is null: give a string");
        }
        if (texts[i].codePoints().anyMatch(c -> c >= 0xd800 && c < 0xe000)) {
          throw new IllegalArgumentException(
              "text " + i + " holds an unpaired surrogate: no UTF-8 text has one");
        }
        ids[i] = tokenizer.encode(texts[i]);
      }
      Out.json(ids);
    }
    return 0;
  }

  /** Made when it is needed: every command, help too, makes all commands. */
  private static ObjectReader strict() {
    return Out.JSON.readerFor(String[].class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }
}
