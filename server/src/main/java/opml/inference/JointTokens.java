package opml.inference;

import opml.guest.Control;
import opml.guest.Header;

/** One run's part in making tokens together with other runs of the engine. */
final class JointTokens implements Shortcut {
  private final NativeMemory memory;
  private final Batcher batcher;
  private final Watch watch;
  private OperatorCount count;
  private boolean possible;
  private boolean joined;

  JointTokens(NativeMemory memory, Batcher batcher, Watch watch) {
    this.memory = memory;
    this.batcher = batcher;
    this.watch = watch;
  }

  /** Does the last token up to its logits, or tokens of the prompt, if others share the work. */
  @Override
  public long run(long most) {
    join();
    if (!possible || batcher.alone()) {
      return 0;
    }
    int position = memory.loadI32(Control.POSITION);
    int ahead = Math.min(BatchForward.MAX, memory.loadI32(Control.TOKEN_COUNT) - 1 - position);
    if (ahead == 0) {
      long operators = count.toLogits(position);
      boolean known = operators <= most && inVocabulary(position);
      return known && batcher.tokens(memory, watch, 0) > 0 ? operators : 0;
    }
    int wanted = 0;
    while (wanted < ahead && inVocabulary(position + wanted)) {
      wanted++;
    }
    boolean fits = wanted > 0 && operators(position, wanted) <= most;
    return fits ? operators(position, batcher.tokens(memory, watch, wanted)) : 0;
  }

  private long operators(int position, int tokens) {
    long operators = 0;
    for (int p = position; p < position + tokens; p++) {
      operators += count.ofToken(p);
    }
    return operators;
  }

  private boolean inVocabulary(int position) {
    int token = memory.loadI32(memory.loadI64(Header.TOKENS) + 4L * position);
    return token >= 0 && token < memory.loadI32(Header.VOCAB);
  }

  /** Whether the next token has to wait for its turn: others are there and cannot share. */
  boolean takesTurns() {
    join();
    return !possible && !batcher.alone();
  }

  private void join() {
    if (!joined) {
      joined = true;
      if (count == null) {
        possible = Batcher.possible(memory);
        count = possible ? new OperatorCount(memory) : null;
      }
      batcher.join();
    }
  }

  /** Others need not wait for this run any more. */
  void leave() {
    if (joined) {
      batcher.leave();
    }
    joined = false;
  }
}
