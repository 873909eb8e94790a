package opml.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.inference.Engine;
import opml.inference.Run;
import opml.request.Answer;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one prompt on this machine. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Answers a prompt; greedy unless --temperature is given.",
    footer = "Exit code 4: the answer ended with an error (prompt too long, numeric trouble).")
final class Ask implements Callable<Integer> {
  private static final int ERROR_ANSWER = 4;

  @Mixin private ModelOption model;
  @Mixin private ThreadsOption threads;

  @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "The prompt.")
  private String prompt;

  @Option(names = "--prompt-file", paramLabel = "F", description = "Reads the prompt from a file.")
  private Path promptFile;

  @Option(names = "--max-tokens", paramLabel = "N", description = "At most N tokens.")
  private int maxTokens = 256;

  @Option(names = "--temperature", paramLabel = "T", description = "0 (greedy) or 0.01 to 100.")
  private float temperature;

  @Option(names = "--top-k", description = "1 to 64 candidates (default 40).")
  private int topK;

  @Option(names = "--top-p", description = "Share of probability kept, above 0 to 1.")
  private float topP = 1f;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the sampler.")
  private long seed;

  @Option(names = "--raw", description = "No chat template; special tokens in the text count.")
  private boolean raw;

  @Option(names = "--json", description = "Prints one JSON object instead of streaming.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    String text = text();
    try (ModelImage image = model.open();
        Engine engine = new Engine(image, threads.count())) {
      if (maxTokens < 1 || maxTokens > image.info().context()) {
        throw new IllegalArgumentException(
            "--max-tokens is " + maxTokens + ": give 1 to " + image.info().context());
      }
      Request.Message message = new Request.Message(raw ? null : Request.Role.USER, text);
      Request request = new Request(List.of(message), maxTokens, temperature, topK, topP, seed);
      System.err.println("Nothing is committed: no server was asked.");
      try (Run run = engine.start(request.encode())) {
        return answer(image, run);
      }
    }
  }

  private String text() throws IOException {
    if (prompt == null == (promptFile == null)) {
      throw new IllegalArgumentException("give a prompt or --prompt-file, and not both");
    }
    try {
      String text = prompt != null ? prompt : Files.readString(promptFile, StandardCharsets.UTF_8);
      if (text.isEmpty()) {
        throw new IllegalArgumentException("the prompt is empty");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(promptFile + " is not UTF-8: convert it", e);
    }
  }

  private int answer(ModelImage image, Run run) throws IOException {
    while (run.promptTokens().length == 0 && run.operator()) {
      // the tokenizer's operators
    }
    while (run.completionTokens().length == 0 && run.operator()) {
      // the prompt's forward pass: its time is not that of generation
    }
    final long start = System.nanoTime();
    final int before = run.completionTokens().length;
    run.finish(
        piece -> {
          if (!json) {
            System.out.print(piece);
            System.out.flush();
          }
        },
        () -> false);
    if (run.faulted()) {
      throw new IOException("the guest faulted: " + run.faultReason());
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    Answer answer = Answer.decode(run.output());
    int made = run.completionTokens().length - before;
    double speed = made > 0 && seconds > 0 ? made / seconds : 0;
    if (json) {
      Out.json(report(image, run, answer, speed));
    } else {
      System.out.println();
      System.err.printf(
          Locale.ROOT,
          "%s, %d prompt and %d answer tokens, %.1f tokens/s%n",
          reason(answer),
          run.promptTokens().length,
          run.completionTokens().length,
          speed);
    }
    return answer.status().ordinal() <= 1 ? 0 : ERROR_ANSWER;
  }

  private static String reason(Answer answer) {
    return answer.status().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> report(
      ModelImage image, Run run, Answer answer, double speed) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("text", answer.text());
    out.put("promptTokens", run.promptTokens());
    out.put("completionTokens", run.completionTokens());
    out.put("finishReason", reason(answer));
    out.put("tokensPerSecond", Math.round(speed * 10) / 10.0);
    // without a chain there is no verifier: its address counts as zero
    out.put("modelId", "0x" + HexFormat.of().formatHex(image.modelId(new byte[20])));
    out.put("receipt", null);
    return out;
  }
}
