package opml.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.tokenizer.TextTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code opml tokenize}: token ids of texts, by the tokenizer of the guest. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = "Reads a JSON array of strings from standard input, prints their token ids.")
public final class TokenizeCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      defaultValue = "SmolLM2-135M-Instruct",
      description = "name of a model")
  private String model;

  @Option(names = "--special", description = "special tokens written in a text count as such")
  private boolean special;

  @Option(names = "--json", description = "one JSON array of arrays instead of a line per text")
  private boolean json;

  @Spec private CommandSpec spec;

  private final InputStream in;

  /** Reads standard input. */
  public TokenizeCommand() {
    this(System.in);
  }

  TokenizeCommand(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter progress = spec.commandLine().getErr();
    byte[] section;
    try (ModelImage image =
        ModelStore.standard()
            .open(
                model, (what, done, total) -> progress.println(what + " " + done + "/" + total))) {
      section = image.tokenizer();
    }
    PrintWriter out = spec.commandLine().getOut();
    int[][] tokens = encode(section, texts());
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(tokens));
    } else {
      for (int[] line : tokens) {
        out.println(new ObjectMapper().writeValueAsString(line));
      }
    }
    out.flush();
    return 0;
  }

  private String[] texts() throws IOException {
    try {
      return new ObjectMapper().readValue(in.readAllBytes(), String[].class);
    } catch (JsonProcessingException e) {
      throw new ParameterException(
          spec.commandLine(),
          "standard input is no JSON array of strings: " + e.getOriginalMessage());
    }
  }

  private int[][] encode(byte[] section, String[] texts) {
    TextTokenizer tokenizer = new TextTokenizer(section, special);
    int[][] tokens = new int[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      boolean broken =
          texts[i] == null || texts[i].codePoints().anyMatch(TokenizeCommand::surrogate);
      if (broken) {
        throw new ParameterException(
            spec.commandLine(),
            "element " + i + " is null or holds an unpaired surrogate; no UTF-8 text has one");
      }
      tokens[i] = tokenizer.encode(texts[i]);
    }
    return tokens;
  }

  private static boolean surrogate(int character) {
    return character >= 0xd800 && character < 0xe000;
  }
}
