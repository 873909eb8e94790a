package opml.inference;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Brings a run to its end on the shortest way there is at each token boundary: likely tokens some
 * at once, with other runs, some of the prompt at once, or operator by operator.
 */
final class Finish {
  private final Execution execution;
  private final NativeMemory memory;
  private final Prefill prefill;
  private final Batcher batcher;
  private final Watch watch;
  private final JointTokens joint;
  private DraftedTokens drafted; // while an answer is compared with a claimed one

  Finish(Execution execution, NativeMemory memory, Prefill prefill, Batcher batcher, Watch watch) {
    this.execution = execution;
    this.memory = memory;
    this.prefill = prefill;
    this.batcher = batcher;
    this.watch = watch;
    joint = new JointTokens(memory, batcher, watch);
  }

  /**
   * Runs on.
   *
   * @param draft null for none
   * @param transcript hands on each piece of text
   * @param cancelled asked before each operator or batch of tokens; true stops the run at the next
   *     token boundary
   */
  void run(Draft draft, Transcript transcript, Consumer<String> onText, BooleanSupplier cancelled) {
    try {
      while (!cancelled.getAsBoolean() && step(draft, cancelled)) {
        transcript.send(onText);
      }
      transcript.sendAll(onText);
    } finally {
      joint.leave();
      if (drafted != null) {
        drafted.takeBack();
        drafted = null;
      }
    }
  }

  /** One way on; whether to go on after it. */
  private boolean step(Draft draft, BooleanSupplier cancelled) {
    return drafted(draft)
        || together(cancelled)
        || execution.ahead(prefill, Long.MAX_VALUE) > 0
        || token(cancelled);
  }

  /**
   * Makes a token, or reads some of the prompt, with other runs or in turn with them; goes on to
   * the next token boundary, where states are equal.
   */
  private boolean together(BooleanSupplier cancelled) {
    if (!execution.atBoundary()) {
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
    if (draft == null || !execution.atBoundary()) {
      return false;
    }
    if (drafted == null) {
      drafted = new DraftedTokens(memory, draft, prefill.forward(), watch);
    }
    boolean made = stretch(drafted);
    if (made) {
      joint.leave(); // it goes alone until a guess is wrong: nobody has to wait for it
    }
    return made;
  }

  /** From one token boundary to another, if a shortcut leads from here. */
  private boolean stretch(Shortcut work) {
    boolean leads = execution.ahead(work, Long.MAX_VALUE) > 0;
    while (leads && execution.goesOn() && !execution.atBoundary()) {
      execution.operator();
    }
    return leads;
  }

  /** From one token boundary to the next, or a single operator; whether to go on. */
  private boolean token(BooleanSupplier cancelled) {
    boolean whole = execution.atBoundary();
    boolean stop = false;
    memory.unseen(whole ? Long.MAX_VALUE : 0);
    try {
      execution.operator();
      while (whole && execution.goesOn() && !execution.atBoundary()) {
        stop |= cancelled.getAsBoolean(); // who asks says that he lives: a token may take seconds
        execution.operator();
      }
    } finally {
      memory.seen();
    }
    return execution.goesOn() && !stop;
  }
}
