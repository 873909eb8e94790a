package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.GuestFault;
import opml.guest.Header;
import opml.request.Request;

/**
 * Token ids straight into the guest's forward pass from an empty context, logits out: for
 * perplexity, the precision gate and speed. Not part of any answer.
 */
public final class TokenFeed implements AutoCloseable {
  private final Run run;
  private final NativeMemory memory;
  private final long tokens;
  private final int context;
  private int position;

  /** Starts with an empty context. */
  public TokenFeed(Engine engine) {
    run = engine.start(Request.raw(" ", 1).encode());
    run.beginHere(false); // what it runs is no trace
    memory = run.memory();
    tokens = memory.loadI64(Header.TOKENS);
    context = memory.loadI32(Header.CONTEXT);
    memory.storeI32(Control.PHASE, Guest.P_FORWARD);
  }

  /** Adds a token whose prediction nobody asks for. */
  public void skip(int token) {
    put(token, 2);
    forward(Guest.P_CLEAR);
    Guest.step(memory);
  }

  /**
   * Adds a token.
   *
   * @param logits filled with the logits of the token that follows, one per token of the vocabulary
   */
  public void next(int token, float[] logits) {
    put(token, 1);
    forward(Guest.P_SAMPLE);
    long at = memory.loadI64(Header.LOGITS);
    MemorySegment.copy(memory.state, JAVA_FLOAT, at, logits, 0, logits.length);
    memory.storeI32(Control.PHASE, Guest.P_CLEAR);
    Guest.step(memory);
  }

  /** Adds some tokens as a prompt is read and returns the most likely next one. */
  public int prompt(int[] ids) {
    for (int id : ids) {
      put(id, 1);
    }
    while (memory.loadI32(Control.PHASE) != Guest.P_SAMPLE) {
      if (!run.prefill(Long.MAX_VALUE) && Guest.step(memory) != 0) {
        throw new GuestFault("the forward pass met NaN or infinity");
      }
    }
    return choose();
  }

  /** Adds a token and returns the most likely next one. */
  public int greedy(int token) {
    put(token, 1);
    forward(Guest.P_SAMPLE);
    return choose();
  }

  /** Goes back to an earlier length of the context, so that it can be continued again. */
  public void rewind(int length) {
    if (length > position) {
      throw new IllegalArgumentException("the context has " + position + " tokens");
    }
    position = length;
    memory.storeI32(Control.POSITION, length);
  }

  private int choose() {
    int best = memory.argmax(memory.loadI64(Header.LOGITS), memory.loadI32(Header.VOCAB));
    memory.storeI32(Control.PHASE, Guest.P_CLEAR);
    Guest.step(memory);
    return best;
  }

  private void put(int token, int ahead) {
    if (position + ahead > context) {
      throw new IllegalStateException("the context of " + context + " tokens is used up");
    }
    memory.storeI32(tokens + 4L * position, token);
    position++;
    memory.storeI32(Control.TOKEN_COUNT, position - 1 + ahead);
  }

  private void forward(int until) {
    memory.unseen(Long.MAX_VALUE);
    try {
      while (memory.loadI32(Control.PHASE) != until) {
        if (Guest.step(memory) != 0) {
          throw new GuestFault(
              "the forward pass met NaN or infinity, or a header it does not take");
        }
      }
    } finally {
      memory.seen();
    }
  }

  @Override
  public void close() {
    run.close();
  }
}
