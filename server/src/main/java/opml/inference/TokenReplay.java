package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import opml.guest.Control;
import opml.guest.Header;

/**
 * One token of a finished run, made again operator by operator in the run's own memory: a token
 * boundary is tokens, cache and control block (INV-08), and the cells of later tokens are not read.
 */
final class TokenReplay implements ShadowAudit.Stand {
  private final Run run;
  private final NativeMemory memory;
  private final CacheRow cache;
  private final long operator;
  private final Boundaries.Boundary boundary;
  private final int position;

  // what the run had left
  private final byte[] output;
  private final byte[] cells;
  private final int next;
  private final long end;

  /**
   * A replay.
   *
   * @param boundary the last that the run has passed before the operator
   */
  TokenReplay(Run run, Boundaries.Boundary boundary, long operator) {
    this.run = run;
    this.boundary = boundary;
    this.operator = operator;
    memory = run.memory();
    cache = new CacheRow(memory);
    position = boundary.position();
    output = run.output();
    cells = cache.read(position);
    next = memory.loadI32(token(position + 1));
    Boundaries.Boundary after = run.boundaries().at(position + 1);
    end = after == null ? -1 : after.operators();
  }

  @Override
  public Run before() {
    byte[] control = boundary.control();
    memory.statePages.mark(0);
    MemorySegment.copy(control, 0, memory.state, JAVA_BYTE, 0, control.length);
    memory.clear(memory.loadI64(Header.ACTIVATIONS), (int) memory.loadI64(Header.ACTIVATION_BYTES));
    cache.clear(position);
    run.standAt(boundary.operators());
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
    boolean sampled = position >= boundary.word(Control.PROMPT_TOKENS) - 1 && !run.exited();
    if (run.faulted()) {
      return "its token faults when it is made again: " + run.faultReason();
    } else if (!Arrays.equals(cells, cache.read(position))) {
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

  @Override
  public void close() {
    // the run is its owner's
  }
}
