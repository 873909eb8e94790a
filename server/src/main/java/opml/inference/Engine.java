package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Supplier;
import opml.catalog.GuestProgram;
import opml.catalog.ModelImage;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.machine.RegionSizes;
import opml.request.Answer;

/** Runs requests on one model; runs are independent and may proceed on different threads. */
public final class Engine implements AutoCloseable {
  private final GuestProgram program;
  private final RegionSizes sizes;
  private final MemorySegment weights;
  private final Supplier<byte[]> codeRoot;
  private final Supplier<byte[]> weightsRoot;
  private final Team team;
  private final Batcher batcher;
  private final FiniteScales finite;
  private final Gate gate = new Gate();
  private final Passed passed = new Passed();
  private TokenTexts texts;

  /**
   * Uses an open model, which must stay open.
   *
   * @param threads 1 or more; results do not depend on it (INV-06)
   */
  public Engine(ModelImage model, int threads) {
    this(
        model.program(),
        model.sizes(),
        model.weightsSegment(),
        threads,
        model::codeRoot,
        model::weightsRoot);
  }

  /** Uses the content of a WEIGHTS region. */
  Engine(
      GuestProgram program,
      RegionSizes sizes,
      MemorySegment weights,
      int threads,
      Supplier<byte[]> codeRoot,
      Supplier<byte[]> weightsRoot) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ": give 1 or more");
    }
    this.program = program;
    this.sizes = sizes;
    this.weights = weights;
    this.codeRoot = codeRoot;
    this.weightsRoot = weightsRoot;
    team = new Team(threads);
    batcher = new Batcher(team);
    finite = new FiniteScales(weights);
  }

  /** A run of the bytes of a request (docs/protocol.md section 6) in the YIELD state s(0). */
  public Run start(byte[] input) {
    return start(input, passed.of(input));
  }

  /** The same, with operators that will be audited. */
  public Run start(byte[] input, Watch watch) {
    return start(input, passed.of(input), watch);
  }

  /** The same; token boundaries that another run of the same input has passed are known. */
  public Run start(byte[] input, Boundaries known) {
    return start(input, known, Watch.keeping(known));
  }

  private Run start(byte[] input, Boundaries known, Watch watch) {
    Arena arena = Arena.ofShared();
    return new Run(
        program,
        new NativeMemory(sizes, weights, input, arena, team, Emission.has(Level.AVX2), finite),
        sizes,
        input,
        arena,
        team,
        batcher,
        gate,
        known,
        passed,
        watch,
        codeRoot,
        weightsRoot);
  }

  /**
   * Operators that an answer takes at most: so many if it is not ended by a stop token. The prompt
   * is split into tokens for that, and none is read.
   */
  public long mostOperators(byte[] input) {
    try (Run run = start(input)) {
      return run.most();
    }
  }

  /**
   * What an answer's tokens likely are.
   *
   * @param output as somebody claims it (docs/protocol.md section 6)
   */
  public Draft draft(byte[] output) {
    int text = Math.min(output.length, Answer.HEADER);
    return new Draft(Arrays.copyOfRange(output, text, output.length), this::texts);
  }

  private synchronized TokenTexts texts() {
    if (texts == null) {
      texts = new TokenTexts(ModelTables.tokenizer(weights));
    }
    return texts;
  }

  /** Tokens so far that were made or read together with another answer's. */
  public long sharedTokens() {
    return batcher.shared();
  }

  /** Waits for what is being computed; runs that go on afterwards fail. */
  @Override
  public void close() {
    gate.close();
    batcher.close();
    team.close();
  }
}
