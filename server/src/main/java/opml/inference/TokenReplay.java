package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.guest.Wire;

/**
 * One token of a finished run, made again operator by operator in the run's own memory: a token
 * boundary is tokens, cache and control block (INV-08), and the cells of later tokens are not read.
 */
final class TokenReplay implements ShadowAudit.Stand {
  private final Run run;
  private final NativeMemory memory;
  private final long operator;
  private final int prompt;
  private final int text;
  private int position;
  private long begin;

  // what the run had left
  private final byte[] output;
  private final byte[] cells;
  private final int next;
  private final long end;

  TokenReplay(Run run, int boundary, long operator) {
    this.run = run;
    this.operator = operator;
    memory = run.memory();
    prompt = memory.loadI32(Control.PROMPT_TOKENS);
    output = run.output();
    TokenLog known = run.tokenLog();
    text = known.text(boundary);
    position = known.position(boundary);
    begin = known.operators(boundary);
    OperatorCount count = new OperatorCount(memory);
    while (position < prompt - 1 && begin + count.ofToken(position) <= operator) {
      begin += count.ofToken(position++);
    }
    cells = cells();
    next = memory.loadI32(token(position + 1));
    int after = known.before(Long.MAX_VALUE) > boundary ? boundary + 1 : -1;
    boolean noted = after >= 0 && known.position(after) == position + 1;
    end = noted ? known.operators(after) : -1;
  }

  @Override
  public Run before() {
    int tokens = Math.max(prompt, position + 1);
    memory.storeI32(Control.PHASE, Guest.P_FORWARD);
    memory.storeI32(Control.STATUS, Wire.STOP);
    memory.storeI32(Control.STAGE, 0);
    memory.storeI32(Control.LAYER, 0);
    memory.storeI32(Control.CURSOR, 0);
    memory.storeI32(Control.POSITION, position);
    memory.storeI32(Control.TOKEN_COUNT, tokens);
    memory.storeI32(Control.COMPLETION_TOKENS, tokens - prompt);
    memory.storeI32(Control.TEXT_LENGTH, text);
    memory.storeI32(Control.NEXT_TOKEN, 0);
    memory.clear(memory.loadI64(Header.ACTIVATIONS), (int) memory.loadI64(Header.ACTIVATION_BYTES));
    eachCell((at, bytes, any) -> memory.state.asSlice(at, bytes).fill((byte) 0));
    run.standAt(begin);
    while (run.operators() < operator && run.operator()) {
      // up to the operator
    }
    return run;
  }

  @Override
  public String after() {
    if (run.operators() != operator + 1) {
      return "its token has fewer operators when it is made again";
    }
    while (!run.exited() && !run.faulted() && !Prefill.atBoundary(memory)) {
      run.operator();
    }
    boolean sampled = position >= prompt - 1 && !run.exited();
    if (run.faulted()) {
      return "its token faults when it is made again: " + run.faultReason();
    } else if (!Arrays.equals(cells, cells())) {
      return "its token leaves other keys or values when it is made again";
    } else if (sampled && memory.loadI32(token(position + 1)) != next) {
      return "another token follows when it is made again";
    } else if (end >= 0 && (run.exited() || run.operators() != end)) {
      return "the next token begins elsewhere when it is made again";
    } else if (run.exited() && !Arrays.equals(run.output(), output)) {
      return "the answer is another when its last token is made again";
    }
    return "";
  }

  private long token(int index) {
    return memory.loadI64(Header.TOKENS) + 4L * index;
  }

  private interface Cell {
    /** {@code bytes} of STATE, which come after {@code before} others of the token. */
    void at(long from, long bytes, long before);
  }

  /** What the token adds to the cache: keys, values and their scales in each layer and head. */
  private void eachCell(Cell cell) {
    int context = memory.loadI32(Header.CONTEXT);
    int count = memory.loadI32(Header.LAYERS) * memory.loadI32(Header.KV_HEADS);
    long vector = 2L * memory.loadI32(Header.HEAD_DIM);
    long each = 2 * (vector + 4);
    for (int i = 0; i < count; i++) {
      long index = (long) i * context + position;
      long at = i * each;
      cell.at(memory.loadI64(Header.KEYS) + index * vector, vector, at);
      cell.at(memory.loadI64(Header.VALUES) + index * vector, vector, at + vector);
      cell.at(memory.loadI64(Header.KEY_SCALES) + 4 * index, 4, at + 2 * vector);
      cell.at(memory.loadI64(Header.VALUE_SCALES) + 4 * index, 4, at + 2 * vector + 4);
    }
  }

  private byte[] cells() {
    int count = memory.loadI32(Header.LAYERS) * memory.loadI32(Header.KV_HEADS);
    byte[] copy = new byte[4 * count * (memory.loadI32(Header.HEAD_DIM) + 2)];
    eachCell(
        (at, bytes, before) ->
            MemorySegment.copy(
                memory.state, ValueLayout.JAVA_BYTE, at, copy, (int) before, (int) bytes));
    return copy;
  }

  @Override
  public void close() {
    // the run is its owner's
  }
}
