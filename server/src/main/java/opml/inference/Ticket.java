package opml.inference;

import java.util.List;
import opml.guest.Control;
import opml.guest.Header;

/** What one run wants of the next batch: its next token, or some tokens of its prompt. */
final class Ticket {
  private final NativeMemory memory;
  private final Watch watch;
  private final int wanted;
  private final long deadline;
  private int lanes;
  private boolean ended;
  private boolean good;

  /**
   * A request.
   *
   * @param wanted tokens of the prompt; 0: the logits of the last token
   * @param deadline when to begin without waiting for others, as of System.nanoTime
   */
  Ticket(NativeMemory memory, Watch watch, int wanted, long deadline) {
    this.memory = memory;
    this.watch = watch;
    this.wanted = wanted;
    this.deadline = deadline;
  }

  NativeMemory memory() {
    return memory;
  }

  long deadline() {
    return deadline;
  }

  /** Whether it reads a prompt: nobody asks for its logits. */
  boolean reads() {
    return wanted > 0;
  }

  /** Takes as many lanes as it wants and may have. */
  int grant(int most) {
    lanes = Math.min(Math.max(wanted, 1), most);
    return lanes;
  }

  int lanes() {
    return lanes;
  }

  void addTo(List<Lane> batch) {
    int position = memory.loadI32(Control.POSITION);
    for (int p = position; p < position + lanes; p++) {
      int token = memory.loadI32(memory.loadI64(Header.TOKENS) + 4L * p);
      batch.add(new Lane(memory, p, token, watch));
    }
  }

  void end(boolean success) {
    ended = true;
    good = success;
  }

  boolean ended() {
    return ended;
  }

  /** Tokens done. */
  int done() {
    return good ? lanes : 0;
  }
}
