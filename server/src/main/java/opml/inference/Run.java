package opml.inference;

import java.lang.foreign.Arena;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import opml.catalog.GuestProgram;
import opml.guest.Control;
import opml.machine.Pages;
import opml.machine.RegionSizes;

/**
 * One request on its way through the guest, an operator at a time. State hashes are those of
 * docs/protocol.md section 2: after i operators, s(i * 2^24). Used by one thread at a time.
 */
public final class Run implements AutoCloseable {
  private final NativeMemory memory;
  private final Transcript transcript;
  private final Prefill prefill;
  private final Gate gate;
  private final byte[] input;
  private final Arena arena;
  private final Boundaries boundaries;
  private final Passed passed;
  private final Rewind rewind;
  private final Execution execution;
  private final Finish finish;
  private final StateHash hash;
  private long begun;
  private int begunForm = Execution.YIELD;
  private boolean forked;

  Run(
      GuestProgram program,
      NativeMemory memory,
      RegionSizes sizes,
      byte[] input,
      Arena arena,
      Team team,
      Batcher batcher,
      Gate gate,
      Boundaries boundaries,
      Passed passed,
      Watch watch,
      Supplier<byte[]> codeRoot,
      Supplier<byte[]> weightsRoot) {
    this.memory = memory;
    this.input = input.clone();
    this.arena = arena;
    this.gate = gate;
    this.boundaries = boundaries;
    this.passed = passed;
    transcript = new Transcript(memory);
    prefill = new Prefill(memory, arena, team, watch);
    rewind = new Rewind(memory, prefill);
    execution = new Execution(program, memory, gate, boundaries, rewind, watch);
    finish = new Finish(execution, memory, prefill, batcher, watch);
    hash = new StateHash(sizes, this.input, codeRoot, weightsRoot);
  }

  /** Runs one operator unless the run has ended; false when it has ended now or before. */
  public boolean operator() {
    return execution.operator();
  }

  /** Runs on until {@code count} operators are done or the run has ended; whether it goes on. */
  public boolean replayTo(long count) {
    try {
      while (operators() < count && execution.goesOn()) {
        if (!resume(count - operators()) && !prefill(count - operators())) {
          memory.unseen(count - operators() - 1);
          operator();
        }
      }
    } finally {
      memory.seen();
    }
    return execution.goesOn();
  }

  /** Goes to the first token, or to the end if there is none; the most operators of the whole. */
  long most() {
    while (!atBoundary() && operator()) {
      // the prompt is split into tokens
    }
    return operators() + (atBoundary() ? new OperatorCount(memory).longest(memory) : 0);
  }

  /** Whether the next operator begins a token. */
  boolean atBoundary() {
    return execution.atBoundary();
  }

  /** Does some tokens of the prompt at once; false when the next operator has to be done alone. */
  boolean prefill(long most) {
    return execution.ahead(prefill, most) > 0;
  }

  /** Goes to a layer of a token that was made before, if its residual stream there is kept. */
  private boolean resume(long most) {
    return execution.ahead(operators -> rewind.resume(boundaries, operators), most) > 0;
  }

  /**
   * Runs to the end.
   *
   * @param onText gets each piece of text, never cut inside a character unless the answer ends
   *     there
   * @param cancelled asked before each operator or batch of tokens; true stops the run at the next
   *     token boundary
   */
  public void finish(Consumer<String> onText, BooleanSupplier cancelled) {
    finish.run(null, transcript, onText, cancelled);
  }

  /**
   * The same, sooner where the answer is what somebody claims: its likely tokens are made some at
   * once. Whatever the draft says, the run comes to the same end.
   */
  public void finish(Draft draft, Consumer<String> onText, BooleanSupplier cancelled) {
    finish.run(draft, transcript, onText, cancelled);
  }

  /** Operators done, the one that ended the run included. */
  public long operators() {
    return execution.operators();
  }

  /** Whether the guest reached EXIT: {@link #output} is the answer. */
  public boolean exited() {
    return execution.form() == Execution.EXIT;
  }

  /** Whether the guest reached FAULT. */
  public boolean faulted() {
    return execution.form() == Execution.FAULT;
  }

  /** Why it faulted; empty when it did not. */
  public String faultReason() {
    return execution.fault();
  }

  /** The first 16 + length bytes of OUTPUT: what a claim names. */
  public byte[] output() {
    return transcript.output();
  }

  /** The text so far, with a replacement character where it ends inside a character. */
  public String textSoFar() {
    return transcript.text();
  }

  /** Tokens of the prompt; empty while it is being read. */
  public int[] promptTokens() {
    return transcript.prompt();
  }

  /** Generated tokens, without the stop token. */
  public int[] completionTokens() {
    return transcript.completion();
  }

  /** Hash of the state now. */
  public byte[] stateHash() {
    return hash.of(execution.form(), memory);
  }

  /** STATE as it is now; valid until the next operator. */
  public Pages state() {
    return memory.statePages;
  }

  /** OUTPUT as it is now; valid until the next operator. */
  public Pages outputPages() {
    return memory.outputPages;
  }

  /** A planted fault: flips bits of the word at an address of STATE or OUTPUT. */
  public void flip(long address, int bits) {
    memory.storeI32(address, memory.loadI32(address) ^ bits);
  }

  /** A planted fault: other content of the page at an address of STATE or OUTPUT. */
  public void overwrite(long address, byte[] page) {
    rewind.put(address, page);
  }

  /**
   * A planted fault: the next operator counts as done, its stores are those overwritten.
   *
   * @param form first byte of the state's form: 1 YIELD, 2 EXIT, 3 FAULT
   */
  public void skip(int form) {
    execution.at(operators() + 1, form);
  }

  /** The token boundaries passed, good for another run of the same input. */
  public Boundaries boundaries() {
    return boundaries;
  }

  /** Keeps about so many bytes of what tokens leave, for going back and on again. */
  public void keep(long bytes) {
    boundaries.keep(bytes);
  }

  /**
   * Goes to some operator not after {@code operator} without running it: back, or forwards over
   * tokens known before.
   */
  public void approach(long operator) {
    Boundaries.Boundary to = boundaries.before(operator);
    if (operators() <= operator && (to == null || to.operators() <= operators())) {
      return;
    }
    gate.enter();
    try {
      Boundaries.Boundary reached = to == null ? null : rewind.to(boundaries, to);
      if (reached != null) {
        execution.at(reached.operators(), Execution.YIELD);
      } else if (operators() > operator) {
        rewind.toBeginning(boundaries);
        execution.at(begun, begunForm);
      }
    } finally {
      gate.leave();
    }
  }

  /**
   * The operator that makes the last logits of the token in which an operator lies, or of the first
   * one that is chosen; the operator itself where tokens are not known.
   */
  public long deciding(long operator) {
    Boundaries.Boundary in = boundaries.before(operator);
    Boundaries.Boundary first =
        in == null ? null : boundaries.at(in.word(Control.PROMPT_TOKENS) - 1);
    if (first == null) {
      return operator;
    }
    Boundaries.Boundary token = first.operators() > in.operators() ? first : in;
    return token.operators() + new OperatorCount(memory).toLogits(token.position()) - 1;
  }

  /** A run of its own in the same state, without the rows of the cache that this one has kept. */
  public Run fork(Engine engine) {
    Run copy = engine.start(input, boundaries.withStreams());
    copy.forked = true;
    copy.rewind.copy(rewind);
    copy.execution.at(operators(), execution.form());
    return copy;
  }

  /**
   * The present state becomes the one that {@link #approach} goes back to at most.
   *
   * @param regular whether token boundaries are as the guest leaves them from here on
   */
  public void beginHere(boolean regular) {
    rewind.beginHere();
    boundaries.forget();
    begun = operators();
    begunForm = execution.form();
    execution.note(regular && !rewind.reading());
  }

  /** The memory has been brought to an earlier operator; nobody looks on from here. */
  void standAt(long earlier) {
    execution.unwatched();
    execution.at(earlier, Execution.YIELD);
  }

  /** The request. */
  byte[] input() {
    return input;
  }

  /** The memory, for measurements that look at activations (perplexity, gate). */
  NativeMemory memory() {
    return memory;
  }

  @Override
  public void close() {
    if (!forked && boundaries.size() > 0) {
      passed.keep(input, boundaries);
    }
    arena.close();
  }
}
