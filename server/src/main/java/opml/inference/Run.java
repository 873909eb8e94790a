package opml.inference;

import java.lang.foreign.Arena;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import opml.catalog.GuestProgram;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.guest.Control;
import opml.guest.GuestFault;
import opml.machine.Pages;
import opml.machine.RegionSizes;

/**
 * One request on its way through the guest, an operator at a time. State hashes are those of
 * docs/protocol.md section 2: after i operators, s(i * 2^24). Used by one thread at a time.
 */
public final class Run implements AutoCloseable {
  private static final int YIELD = 1;
  private static final int EXIT = 2;
  private static final int FAULT = 3;

  private final GuestProgram program;
  private final NativeMemory memory;
  private final Transcript transcript;
  private final Prefill prefill;
  private final Batcher batcher;
  private final JointTokens joint;
  private final Gate gate;
  private final RegionSizes sizes;
  private final byte[] input;
  private final Arena arena;
  private final Supplier<byte[]> codeRoot;
  private final Supplier<byte[]> weightsRoot;
  private final Boundaries boundaries;
  private final Passed passed;
  private final Rewind rewind;
  private DraftedTokens drafted; // while an answer is compared with a claimed one
  private Watch watch;
  private int form = YIELD;
  private long operators;
  private long begun;
  private int begunForm = YIELD;
  private boolean notes = true;
  private boolean forked;
  private String fault = "";

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
    this.program = program;
    this.memory = memory;
    this.sizes = sizes;
    this.input = input.clone();
    this.arena = arena;
    transcript = new Transcript(memory);
    prefill = new Prefill(memory, arena, team, watch);
    this.gate = gate;
    this.batcher = batcher;
    joint = new JointTokens(memory, batcher, watch);
    this.boundaries = boundaries;
    this.passed = passed;
    this.watch = watch;
    rewind = new Rewind(memory, prefill);
    this.codeRoot = codeRoot;
    this.weightsRoot = weightsRoot;
  }

  /** Runs one operator unless the run has ended; false when it has ended now or before. */
  public boolean operator() {
    if (form == YIELD) {
      pass();
      if (program == GuestProgram.LANGUAGE_MODEL) {
        watch.operator(memory);
      }
      gate.enter();
      try {
        form = program.step(memory) == 0 ? YIELD : EXIT;
      } catch (GuestFault e) {
        form = FAULT;
        fault = e.getMessage();
      } finally {
        gate.leave();
      }
      operators++;
    }
    return form == YIELD;
  }

  /** Runs on until {@code count} operators are done or the run has ended; whether it goes on. */
  public boolean replayTo(long count) {
    try {
      while (operators < count && form == YIELD) {
        if (!resume(count - operators) && !prefill(count - operators)) {
          memory.unseen(count - operators - 1);
          operator();
        }
      }
    } finally {
      memory.seen();
    }
    return form == YIELD;
  }

  /** Whether the next operator begins a token. */
  boolean atBoundary() {
    return form == YIELD && program == GuestProgram.LANGUAGE_MODEL && Prefill.atBoundary(memory);
  }

  /** Notes a token boundary. */
  private void pass() {
    if (notes && atBoundary()) {
      boundaries.pass(memory, operators);
      rewind.pass();
      watch.token(memory, memory.loadI32(Control.POSITION), operators);
    }
  }

  /** Operators that a shortcut does from a token boundary on; 0 elsewhere. */
  private long ahead(Shortcut work, long most) {
    if (!atBoundary()) {
      return 0;
    }
    pass();
    gate.enter();
    try {
      return work.run(most);
    } finally {
      gate.leave();
    }
  }

  /** Does some tokens of the prompt at once; false when the next operator has to be done alone. */
  boolean prefill(long most) {
    long done = ahead(prefill, most);
    operators += done;
    return done > 0;
  }

  /** Goes to a layer of a token that was made before, if its residual stream there is kept. */
  private boolean resume(long most) {
    long done = ahead(operators -> rewind.resume(boundaries, operators), most);
    operators += done;
    return done > 0;
  }

  /**
   * Makes a token, or reads some of the prompt, with other runs or in turn with them; goes on to
   * the next token boundary, where states are equal.
   */
  private boolean together(BooleanSupplier cancelled) {
    if (form != YIELD || program != GuestProgram.LANGUAGE_MODEL || !Prefill.atBoundary(memory)) {
      return false;
    }
    if (joint.takesTurns()) {
      batcher.inTurn(() -> token(cancelled));
      return true;
    }
    return stretch(joint);
  }

  /** The same for a token whose layers are done already, or are done with those of likely ones. */
  private boolean drafted(Draft draft) {
    if (draft == null || !atBoundary()) {
      return false;
    }
    if (drafted == null) {
      drafted = new DraftedTokens(memory, draft, prefill.forward(), watch);
    }
    return stretch(drafted);
  }

  /** From one token boundary to another, if a shortcut leads from here. */
  private boolean stretch(Shortcut work) {
    long done = ahead(work, Long.MAX_VALUE);
    operators += done;
    if (done > 0) {
      toBoundary();
    }
    return done > 0;
  }

  /** From one token boundary to the next, or a single operator; whether to go on. */
  private boolean token(BooleanSupplier cancelled) {
    boolean whole = atBoundary();
    boolean stop = false;
    memory.unseen(whole ? Long.MAX_VALUE : 0);
    try {
      operator();
      while (whole && form == YIELD && !Prefill.atBoundary(memory)) {
        stop |= cancelled.getAsBoolean(); // who asks says that he lives: a token may take seconds
        operator();
      }
    } finally {
      memory.seen();
    }
    return form == YIELD && !stop;
  }

  private void toBoundary() {
    while (form == YIELD && !Prefill.atBoundary(memory)) {
      operator();
    }
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
    toEnd(null, onText, cancelled);
  }

  /**
   * The same, sooner where the answer is what somebody claims: its likely tokens are made some at
   * once. Whatever the draft says, the run comes to the same end.
   */
  public void finish(Draft draft, Consumer<String> onText, BooleanSupplier cancelled) {
    toEnd(draft, onText, cancelled);
  }

  private void toEnd(Draft draft, Consumer<String> onText, BooleanSupplier cancelled) {
    try {
      write(draft, onText, cancelled);
    } finally {
      joint.leave();
      if (drafted != null) {
        drafted.takeBack();
        drafted = null;
      }
    }
  }

  private void write(Draft draft, Consumer<String> onText, BooleanSupplier cancelled) {
    while (!cancelled.getAsBoolean()
        && (drafted(draft) || together(cancelled) || prefill(Long.MAX_VALUE) || token(cancelled))) {
      transcript.send(onText);
    }
    transcript.sendAll(onText);
  }

  /** Operators done, the one that ended the run included. */
  public long operators() {
    return operators;
  }

  /** Whether the guest reached EXIT: {@link #output} is the answer. */
  public boolean exited() {
    return form == EXIT;
  }

  /** Whether the guest reached FAULT. */
  public boolean faulted() {
    return form == FAULT;
  }

  /** Why it faulted; empty when it did not. */
  public String faultReason() {
    return fault;
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
    if (form == FAULT) {
      return Keccak.hash(new byte[] {FAULT});
    }
    if (form == EXIT) {
      byte[] b = new byte[33];
      b[0] = EXIT;
      System.arraycopy(memory.outputPages.root(), 0, b, 1, 32);
      return Keccak.hash(b);
    }
    byte[] b = new byte[167];
    b[0] = YIELD;
    System.arraycopy(sizes.bytes(), 0, b, 1, 6);
    byte[][] roots = {
      codeRoot.get(),
      Merkle.root(input, sizes.input()),
      weightsRoot.get(),
      memory.statePages.root(),
      memory.outputPages.root()
    };
    for (int i = 0; i < roots.length; i++) {
      System.arraycopy(roots[i], 0, b, 7 + 32 * i, 32);
    }
    return Keccak.hash(b);
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
    this.form = form;
    operators++;
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
    if (operators <= operator && (to == null || to.operators() <= operators)) {
      return;
    }
    gate.enter();
    try {
      Boundaries.Boundary reached = to == null ? null : rewind.to(boundaries, to);
      if (reached != null) {
        at(reached.operators(), YIELD);
      } else if (operators > operator) {
        rewind.toBeginning(boundaries);
        at(begun, begunForm);
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

  private void at(long operators, int form) {
    this.operators = operators;
    this.form = form;
    fault = "";
  }

  /** A run of its own in the same state, without the rows of the cache that this one has kept. */
  public Run fork(Engine engine) {
    Run copy = engine.start(input, boundaries.withStreams());
    copy.forked = true;
    copy.rewind.copy(rewind);
    copy.at(operators, form);
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
    begun = operators;
    begunForm = form;
    notes = regular && !rewind.reading();
  }

  /** The memory has been brought to an earlier operator; nobody looks on from here. */
  void standAt(long earlier) {
    watch = Watch.NONE;
    operators = earlier;
    form = YIELD;
    fault = "";
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
