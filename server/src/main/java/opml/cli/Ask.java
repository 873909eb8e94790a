package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import opml.catalog.ModelImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one prompt, through a running server where there is one. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = {
      "Answers a prompt; greedy unless --temperature is given.",
      "A running server answers and commits; without one this machine does, and nothing is"
          + " committed."
    },
    footer = "Exit code 4: the answer ended with an error (prompt too long, numeric trouble).")
final class Ask implements Callable<Integer> {
  @Mixin private ModelOption model;
  @Mixin private ThreadsOption threads;
  @Mixin private ServerOption server;

  @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "The prompt.")
  private String prompt;

  @Option(names = "--prompt-file", paramLabel = "F", description = "Reads the prompt from a file.")
  private Path promptFile;

  @Option(
      names = "--max-tokens",
      converter = WholeNumber.FromOne.class,
      paramLabel = "N",
      description = "At most N tokens (default: 256).")
  private Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 (greedy, the default) or 0.01 to 100.")
  private float temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "1 to 64 candidates (default: 40).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Share of probability kept, above 0 to 1 (default: 1).")
  private float topP = 1f;

  @Option(
      names = "--seed",
      converter = WholeNumber.Bits.class,
      paramLabel = "S",
      description = "Seed of the sampler (default: 0).")
  private long seed;

  @Option(names = "--raw", description = "No chat template; special tokens in the text count.")
  private boolean raw;

  @Option(names = "--json", description = "Prints one JSON object instead of streaming.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Question question = new Question(text(), raw, maxTokens, temperature, topK, topP, seed);
    Consumer<String> pieces = json ? piece -> {} : Ask::stream;
    ServerClient client = server.client();
    if (client != null) {
      JsonNode models = client.get("/api/models").path("items");
      String name = ServedModel.choose(models, model.wanted());
      if (name != null) {
        return new ServedAnswer(client, pieces).ask(question, name).print(json);
      }
      String lacks = "the server at " + client.url() + " runs " + ServedModel.names(models);
      if (server.named()) {
        throw new IllegalArgumentException(
            "--model is " + model.wanted() + ", but " + lacks + ": name one of these");
      }
      String said = "Nothing is committed: " + lacks + ", not " + model.wanted() + ".";
      System.err.println(Out.shown(said));
    } else {
      System.err.println("Nothing is committed: no server was asked.");
    }
    try (ModelImage image = model.openText()) {
      return LocalAnswer.of(image, threads.count(), question, pieces).print(json);
    }
  }

  private static void stream(String piece) {
    System.out.print(Out.shown(piece));
    System.out.flush();
  }

  private String text() throws IOException {
    if (prompt == null == (promptFile == null)) {
      throw new IllegalArgumentException("give a prompt or --prompt-file, and not both");
    }
    return prompt != null ? prompt : TextFile.read(promptFile, "--prompt-file", Question.TEXT_MAX);
  }
}
