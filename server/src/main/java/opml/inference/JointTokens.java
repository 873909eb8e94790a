package opml.inference;

import opml.guest.Control;

/** One run's part in making tokens together with other runs of the engine. */
final class JointTokens implements Shortcut {
  private final NativeMemory memory;
  private final Batcher batcher;
  private OperatorCount count;
  private boolean asked;
  private boolean joined;

  JointTokens(NativeMemory memory, Batcher batcher) {
    this.memory = memory;
    this.batcher = batcher;
  }

  /** Makes the logits of the last token if others are there to share the work. */
  @Override
  public long run(long most) {
    int position = memory.loadI32(Control.POSITION);
    if (memory.loadI32(Control.TOKEN_COUNT) - 1 != position || !joined()) {
      return 0;
    }
    long operators = count.toLogits(position);
    return operators <= most && batcher.logits(memory) ? operators : 0;
  }

  private boolean joined() {
    if (!asked) {
      asked = true;
      joined = batcher.join(memory);
      count = joined ? new OperatorCount(memory) : null;
    }
    return joined;
  }

  /** Others need not wait for this run any more. */
  void leave() {
    if (joined) {
      batcher.leave();
    }
    joined = false;
    asked = false;
  }
}
