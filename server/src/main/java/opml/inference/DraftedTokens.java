package opml.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;

/**
 * Speculative decoding: the tokens of a draft go through the layers at once, and the guest then
 * chooses from their logits one after the other. From the first on that it chooses otherwise, what
 * was made too much is taken back: states at token boundaries are those of single operators.
 */
final class DraftedTokens implements Shortcut {
  private final NativeMemory memory;
  private final Draft draft;
  private final Watch watch;
  private final BatchForward forward; // null: nothing can be made at once
  private final OperatorCount count;
  private final int context;
  private final List<Lane> lanes = new ArrayList<>();
  private int next; // lane whose logits come next
  private int ahead = BatchForward.MAX - 1; // tokens to guess
  private int position = -1; // where the guest stood before, and how much text there was
  private int bytes;
  private boolean off;

  DraftedTokens(NativeMemory memory, Draft draft, BatchForward forward, Watch watch) {
    this.memory = memory;
    this.draft = draft;
    this.watch = watch;
    this.forward = forward;
    count = new OperatorCount(memory);
    context = memory.loadI32(Header.CONTEXT);
    off = forward == null;
  }

  /** Makes the logits of the last token, together with those of tokens that likely follow it. */
  @Override
  public long run(long most) {
    int now = memory.loadI32(Control.POSITION);
    if (off || memory.loadI32(Control.TOKEN_COUNT) - 1 != now) {
      return 0;
    }
    learn(now);
    boolean made =
        next < lanes.size()
            && lanes.get(next).position() == now
            && lanes.get(next).token() == token(now);
    if (!made) {
      takeBack();
    }
    long operators = count.toLogits(now);
    if (operators > most || !made && !make(now)) {
      return 0;
    }
    forward.show(next++, memory);
    memory.storeI32(Control.PHASE, Guest.P_SAMPLE);
    return operators;
  }

  /** Guesses more where guesses are right, and none where they are not. */
  private void learn(int now) {
    if (position >= 0 && now == position + 1) {
      boolean right = draft.chose(bytes, token(now));
      ahead = right ? Math.min(BatchForward.MAX - 1, ahead + 1) : ahead / 2;
    }
    position = now;
    bytes = memory.loadI32(Control.TEXT_LENGTH);
  }

  private boolean make(int now) {
    int[] tokens = draft.after(bytes, Math.min(ahead, context - 1 - now));
    int vocab = memory.loadI32(Header.VOCAB);
    boolean known = token(now) >= 0 && token(now) < vocab;
    if (tokens.length == 0 || !known || Arrays.stream(tokens).anyMatch(t -> t >= vocab)) {
      return false; // the guest says what it thinks of such a token
    }
    lanes.add(new Lane(memory, now, token(now), watch));
    for (int token : tokens) {
      lanes.add(new Lane(memory, now + lanes.size(), token, watch));
    }
    if (!forward.run(lanes) || !forward.predict(lanes.size())) {
      // the guest finds the operator at which it ends
      takeBack();
      off = true;
      return false;
    }
    return true;
  }

  /** The cache is again as it is where the guest stands, and nothing is kept of what is beyond. */
  void takeBack() {
    if (next < lanes.size()) {
      forward.undo(next);
      watch.takenBack(lanes.get(next).position(), lanes.getLast().position() + 1);
    }
    lanes.clear();
    next = 0;
  }

  private int token(int at) {
    return memory.loadI32(memory.loadI64(Header.TOKENS) + 4L * at);
  }
}
