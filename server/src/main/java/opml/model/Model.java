package opml.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import opml.catalog.ModelImage;
import opml.dispute.EngineProgram;
import opml.dispute.Program;
import opml.dispute.ReplayTrace;
import opml.http.Hex;
import opml.inference.Engine;
import opml.inference.ModelTables;
import opml.inference.Run;
import opml.inference.Watch;
import opml.machine.Machine;
import opml.tokenizer.TextTokenizer;

/** One open model: its identity, its bytes and, where this process runs models, its engine. */
public final class Model {
  /** Steps of an operator (INV-02). */
  private static final long SLOTS = 1L << 24;

  private final ModelImage image;
  private final byte[] verifier;
  private final Engine engine; // null in a process without the inference or validator role
  private final long importedAt;
  private final Map<Boolean, TextTokenizer> tokenizers = new HashMap<>();

  Model(ModelImage image, byte[] verifier, Engine engine, long importedAt) {
    this.image = image;
    this.verifier = verifier;
    this.engine = engine;
    this.importedAt = importedAt;
  }

  /**
   * An answer.
   *
   * @param output the OUTPUT region's named bytes
   * @param operators length of the trace
   * @param promptTokens ids, in order
   * @param completionTokens ids, in order
   */
  public record Outcome(
      byte[] output, long operators, int[] promptTokens, int[] completionTokens) {}

  public String name() {
    return image.name();
  }

  /** 32 bytes, protocol section 7. */
  public byte[] id() {
    return image.modelId(verifier);
  }

  /** Tokens of prompt and answer together. */
  public int context() {
    return image.info().context();
  }

  public ModelImage image() {
    return image;
  }

  public Engine engine() {
    return engine;
  }

  /**
   * Tokens that a text takes by itself.
   *
   * @param special whether special tokens written in it count as such
   */
  public int tokens(String text, boolean special) {
    synchronized (tokenizers) {
      return tokenizers.computeIfAbsent(special, this::tokenizer).encode(text).length;
    }
  }

  private TextTokenizer tokenizer(boolean special) {
    return new TextTokenizer(ModelTables.tokenizer(image.weightsSegment()), special);
  }

  /** What the chain knows of it: the content of its id. */
  public opml.chain.Model onChain() {
    byte[] code = image.codeRoot();
    return new opml.chain.Model(Hex.of(verifier), image.sizes().bytes(), code, image.weightsRoot());
  }

  /** The same model, to be replayed step by step. */
  public Program program() {
    return new EngineProgram(image, engine);
  }

  /** Seconds since the epoch. */
  public long importedAt() {
    return importedAt;
  }

  /** Looks at a run that has ended, before its answer is used. */
  interface Check {
    /** The memory of {@code run} may be overwritten. */
    void look(Run run);
  }

  /** Operators that the answer to a request takes at most; the model is not run for that. */
  public long mostOperators(byte[] input) {
    return running().mostOperators(input);
  }

  /**
   * Runs a request to its end.
   *
   * @param text gets the answer as it grows
   * @return null when {@code cancelled} said so
   */
  public Outcome answer(byte[] input, Consumer<String> text, BooleanSupplier cancelled) {
    return answer(input, text, cancelled, Watch.NONE, run -> {});
  }

  Outcome answer(
      byte[] input, Consumer<String> text, BooleanSupplier cancelled, Watch watch, Check check) {
    try (Run run = running().start(input, watch)) {
      run.finish(text, cancelled);
      if (cancelled.getAsBoolean()) {
        return null;
      }
      Outcome outcome = outcome(run);
      check.look(run);
      return outcome;
    }
  }

  /**
   * Runs a request that somebody claims to have answered: the sooner, the more of it is true.
   *
   * @param claimed output bytes; what the model answers does not depend on them
   * @param text gets the own answer as it grows
   * @throws Faulted when it has none
   */
  public Outcome replay(byte[] input, byte[] claimed, Consumer<String> text) {
    try (Run run = running().start(input)) {
      run.finish(engine.draft(claimed), text, () -> false);
      return outcome(run);
    }
  }

  /** Whether the virtual machine faults too in the last of so many operators. */
  public boolean faultsInMachine(byte[] input, long operators) {
    try (ReplayTrace trace = new ReplayTrace(program(), input)) {
      Machine machine = trace.at(operators - 1);
      machine.resume();
      machine.run(SLOTS);
      return machine.status() == Machine.FAULTED;
    }
  }

  private Engine running() {
    if (engine == null) {
      throw new IllegalStateException("this process has no inference role");
    }
    return engine;
  }

  private static Outcome outcome(Run run) {
    if (!run.exited()) { // SAFETY: a fault has no answer that could be claimed
      throw new Faulted(run.operators(), run.faultReason());
    }
    return new Outcome(run.output(), run.operators(), run.promptTokens(), run.completionTokens());
  }
}
