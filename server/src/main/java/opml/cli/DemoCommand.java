package opml.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import opml.catalog.DigitSample;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.dispute.Demo;
import opml.dispute.EngineProgram;
import opml.dispute.Lie;
import opml.dispute.LocalStage;
import opml.dispute.Program;
import opml.dispute.Verdict;
import opml.inference.Engine;
import opml.request.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code opml demo}: a liar is caught on a chain of its own. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Plays a lying party against an honest one on a local chain.",
    footer =
        "Exit code 0 only when the liar lost the bond, the honest side was repaid and the answer on"
            + " chain is right or refunded.",
    showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {
  /** Who lies. */
  enum Party {
    PROPOSER,
    CHALLENGER
  }

  /** Words in lower case. */
  static final class Parties implements ITypeConverter<Party> {
    @Override
    public Party convert(String word) {
      return oneOf(Party.values(), word);
    }
  }

  /** Words in lower case. */
  static final class Lies implements ITypeConverter<Lie> {
    @Override
    public Lie convert(String word) {
      return oneOf(Lie.values(), word);
    }
  }

  private static <E extends Enum<E>> E oneOf(E[] all, String word) {
    for (E one : all) {
      if (one.name().equalsIgnoreCase(word)) {
        return one;
      }
    }
    String known = Arrays.toString(all).toLowerCase(Locale.ROOT);
    throw new TypeConversionException("\"" + word + "\": give one of " + known);
  }

  @Option(
      names = "--liar",
      defaultValue = "proposer",
      converter = Parties.class,
      description = "Who lies: proposer or challenger.")
  private Party liar;

  @Option(
      names = "--lie",
      defaultValue = "instruction",
      converter = Lies.class,
      description = "What about: output, activation or instruction.")
  private Lie lie;

  @Option(
      names = "--model",
      defaultValue = "opml-tiny",
      description = "A model by name, or a GGUF file.")
  private String model;

  @Option(names = "--seed", defaultValue = "1", description = "Chooses the planted fault.")
  private long seed;

  @Option(
      names = "--prompt",
      defaultValue = "What is 2 + 3?",
      description = "The question; a model of digits gets one of its sample images, by seed.")
  private String prompt;

  @Option(
      names = "--max-tokens",
      converter = WholeNumber.FromOne.class,
      defaultValue = "32",
      description = "Length of the answer.")
  private int maxTokens;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    int threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    try (ModelImage image = ModelOption.measured(ModelStore.standard(), model);
        Engine engine = new Engine(image, threads)) {
      return play(new EngineProgram(image, engine), input(image));
    }
  }

  private byte[] input(ModelImage image) {
    if (image.program() == GuestProgram.LANGUAGE_MODEL) {
      return new Question(prompt, false, maxTokens, 0, 0, 1, 0).encode(image.info().context());
    }
    List<DigitSample> samples = DigitSample.all();
    DigitSample sample = samples.get((int) Math.floorMod(seed, (long) samples.size()));
    prompt = "a handwritten " + sample.label();
    return Request.image(sample.pixels());
  }

  private int play(Program program, byte[] input) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean proposerLies = liar == Party.PROPOSER;
    try (LocalStage local = new LocalStage()) {
      DemoReport report = new DemoReport(out);
      spec.commandLine()
          .getErr()
          .println("Answering, then planting a lie that changes the answer …");
      Demo demo =
          new Demo(local.stage(), program, input, proposerLies, json ? move -> {} : report::move);
      Verdict verdict = demo.play(lie, seed);
      if (json) {
        out.println(new ObjectMapper().writeValueAsString(DemoReport.json(verdict)));
      } else {
        report.verdict(verdict, prompt);
      }
      out.flush();
      return verdict.asItShould() ? 0 : 1;
    }
  }
}
