package opml.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import opml.catalog.ModelImage;
import opml.inference.Audit;
import opml.inference.Engine;
import opml.inference.Run;
import opml.request.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code opml vm audit}: an answer's operators natively and in the VM, state by state. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Answers natively, replays operators in the VM and compares the states.",
      "Exit code 0 only when every compared state is equal."
    })
final class VmAuditCommand implements Callable<Integer> {
  @Mixin private ModelOption model;
  @Mixin private ThreadsOption threads;

  @Parameters(
      arity = "0..1",
      paramLabel = "PROMPT",
      defaultValue = "What is the capital of France?",
      description = "The prompt.")
  private String prompt;

  @Option(names = "--raw", description = "The prompt is no message but plain text.")
  private boolean raw;

  @Option(
      names = "--max-tokens",
      converter = WholeNumber.FromOne.class,
      defaultValue = "3",
      description = "At most N tokens.")
  private int maxTokens;

  @Option(
      names = "--share",
      defaultValue = "1",
      description = "Share of operators to compare, drawn by --seed.")
  private double share;

  @Option(names = "--seed", defaultValue = "1", description = "Draws the operators.")
  private long seed;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("--share is " + share + ": give more than 0, at most 1");
    }
    Question question = new Question(prompt, raw, maxTokens, 0, 0, 1, 0);
    try (ModelImage image = model.openText();
        Engine engine = new Engine(image, threads.count())) {
      byte[] input = question.encode(image.info().context());
      try (Run run = engine.start(input)) {
        return audit(image, run, new Audit(image, input));
      }
    }
  }

  private int audit(ModelImage image, Run run, Audit audit) throws IOException {
    Random draw = new Random(seed);
    long compared = 0;
    long unequal = -1;
    final long start = System.nanoTime();
    boolean more = true;
    while (more && unequal < 0) {
      if (draw.nextDouble() < share) {
        compared++;
        unequal = audit.operator(run) ? -1 : run.operators() - 1;
      } else {
        run.operator();
      }
      more = !run.exited() && !run.faulted();
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("model", image.name());
    out.put("equal", unequal < 0);
    out.put("operators", run.operators());
    out.put("compared", compared);
    if (unequal >= 0) {
      out.put("firstUnequal", unequal);
    }
    if (run.exited()) {
      Answer answer = Answer.decode(run.output());
      out.put("promptTokens", answer.promptTokens());
      out.put("completionTokens", answer.completionTokens());
    }
    out.put("instructions", audit.instructions());
    out.put("largestOperator", audit.most());
    out.put("milliseconds", (System.nanoTime() - start) / 1_000_000);
    print(out);
    return unequal < 0 ? 0 : 1;
  }

  private void print(Map<String, Object> out) throws IOException {
    if (json) {
      Out.json(out);
    } else {
      out.forEach((key, value) -> System.out.println(key + ": " + value));
    }
  }
}
