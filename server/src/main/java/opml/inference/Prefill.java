package opml.inference;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;

/**
 * Tokens of the prompt whose predictions nobody asks for, some at once. From token boundary to
 * token boundary STATE changes exactly as the guest's operators change it, and as many operators
 * count as done.
 */
final class Prefill implements Shortcut {
  private final NativeMemory memory;
  private final Arena arena;
  private final Team team;
  private final Watch watch;
  private BatchForward forward;
  private OperatorCount count;
  private boolean off;

  Prefill(NativeMemory memory, Arena arena, Team team, Watch watch) {
    this.memory = memory;
    this.arena = arena;
    this.team = team;
    this.watch = watch;
    off = !Emission.has(Level.AVX2);
  }

  /** Does the tokens that come next if they can be done at once. */
  @Override
  public long run(long most) {
    if (off) {
      return 0;
    }
    int position = memory.loadI32(Control.POSITION);
    int tokens = Math.min(BatchForward.MAX, memory.loadI32(Control.TOKEN_COUNT) - 1 - position);
    if (tokens < 2 || !prepared()) {
      return 0;
    }
    long done = 0;
    List<Lane> lanes = new ArrayList<>(tokens);
    for (int p = position; p < position + tokens; p++) {
      int token = memory.loadI32(memory.loadI64(Header.TOKENS) + 4L * p);
      long operators = count.ofToken(p);
      if (token < 0 || token >= memory.loadI32(Header.VOCAB) || done + operators > most) {
        break;
      }
      lanes.add(new Lane(memory, p, token, watch));
      done += operators;
    }
    return lanes.size() < 2 ? 0 : finish(lanes, done);
  }

  /** What makes some tokens at once; null where this model or processor does not allow it. */
  BatchForward forward() {
    return !off && prepared() ? forward : null;
  }

  /** Fills the cache's rows [from, to) of tokens known before; returns how far it came. */
  int rows(int[] tokens, int from, int to) {
    int at = from;
    while (at < to && !off && prepared()) {
      List<Lane> lanes = new ArrayList<>(BatchForward.MAX);
      for (int p = at; p < Math.min(to, at + BatchForward.MAX); p++) {
        lanes.add(new Lane(memory, p, tokens[p], watch));
      }
      if (!forward.run(lanes)) { // it was finite when the run passed it
        throw new IllegalStateException("tokens at " + at + " give other numbers than before");
      }
      at += lanes.size();
    }
    return at;
  }

  /** Whether the next operator begins a token. */
  static boolean atBoundary(PlainNativeMemory memory) {
    return memory.loadI32(Control.PHASE) == Guest.P_FORWARD
        && memory.loadI32(Control.STAGE) == 0
        && memory.loadI32(Control.LAYER) == 0
        && memory.loadI32(Control.CURSOR) == 0;
  }

  private boolean prepared() {
    if (forward == null) {
      off = !BatchForward.possible(memory);
      if (!off) {
        forward = new BatchForward(memory, arena, team);
        count = new OperatorCount(memory);
      }
    }
    return !off;
  }

  private long finish(List<Lane> lanes, long operators) {
    if (!forward.run(lanes)) {
      // the guest finds the operator at which it ends
      forward.undo(0);
      off = true;
      return 0;
    }
    advance(memory, lanes.size());
    return operators;
  }

  /** Goes on to a later token boundary whose cache cells are there. */
  static void advance(PlainNativeMemory memory, int tokens) {
    memory.storeI32(Control.NEXT_TOKEN, 0);
    memory.storeI32(Control.POSITION, memory.loadI32(Control.POSITION) + tokens);
  }
}
