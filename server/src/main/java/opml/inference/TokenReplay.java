package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Tensor;

/**
 * A layer of a token of a finished run, made again operator by operator in the run's own memory
 * from the residual stream that was noted; with the last layer all that follows it. A token
 * boundary is tokens, cache and control block (INV-08), and the cells of later tokens are not read.
 */
final class TokenReplay implements ShadowAudit.Stand {
  private final Run run;
  private final NativeMemory memory;
  private final CacheRow cache;
  private final Boundaries.Boundary boundary;
  private final int position;
  private final int layer;
  private final float[] hidden; // null: from the boundary on
  private final float[] expected; // null: to the end of the token
  private final long first;
  private final long last;
  private final boolean ends; // the run ended in this token
  private final long operator;

  // what the run had left
  private final byte[] output;
  private final byte[] cells;
  private final byte[] made;
  private final int next;

  /**
   * A replay.
   *
   * @param boundary the one before the token
   */
  TokenReplay(Run run, Boundaries.Boundary boundary, Watch.Glimpse glimpse) {
    this.run = run;
    this.boundary = boundary;
    memory = run.memory();
    cache = new CacheRow(memory);
    position = boundary.position();
    boolean noted = glimpse.position() == position; // else the run ended before that token
    layer = glimpse.layer();
    hidden = noted ? glimpse.before() : null;
    expected = noted ? glimpse.after() : null;
    output = run.output();
    cells = cache.read(position);
    next = memory.loadI32(token(position + 1));
    int from = hidden == null ? 0 : layer;
    int to = expected == null ? memory.loadI32(Header.LAYERS) : layer + 1;
    made = cache.layers(cells, from, to);
    OperatorCount count = new OperatorCount(memory);
    first = boundary.operators() + (hidden == null ? 0 : count.toLayer(position, layer));
    Boundaries.Boundary after = run.boundaries().at(position + 1);
    ends = expected == null && (after == null || after.operators() >= glimpse.end());
    if (expected != null) {
      last = boundary.operators() + count.toLayer(position, layer + 1);
    } else {
      last = ends ? glimpse.end() : after.operators();
    }
    long drawn = boundary.operators() + glimpse.operator() - first;
    operator = first + drawn % (last - first);
  }

  @Override
  public long operator() {
    return operator;
  }

  @Override
  public Run before() {
    byte[] control = boundary.control();
    memory.statePages.mark(0);
    MemorySegment.copy(control, 0, memory.state, JAVA_BYTE, 0, control.length);
    memory.clear(memory.loadI64(Header.ACTIVATIONS), (int) memory.loadI64(Header.ACTIVATION_BYTES));
    cache.clear(position);
    if (hidden != null) {
      memory.storeI32(Control.STAGE, Tensor.QUERY);
      memory.storeI32(Control.LAYER, layer);
      long to = memory.loadI64(Header.HIDDEN);
      memory.statePages.mark(to, 4L * hidden.length);
      MemorySegment.copy(hidden, 0, memory.state, ValueLayout.JAVA_FLOAT, to, hidden.length);
    }
    run.standAt(first);
    while (run.operators() < operator && run.operator()) {
      // up to the operator
    }
    return run;
  }

  @Override
  public String after() {
    String wrong = rest();
    cache.write(position, cells);
    return wrong;
  }

  private String rest() {
    if (run.operators() != operator + 1) {
      return "its token has fewer operators when it is made again";
    }
    while (goesOn() && run.operator()) {
      // to the end of the layer or of the token
    }
    if (run.faulted()) {
      return "its token faults when it is made again: " + run.faultReason();
    } else if (!Arrays.equals(made, cache.read(position))) {
      return "its token leaves other keys or values when it is made again";
    } else if (run.exited() != ends || run.operators() != last) {
      return "what follows begins elsewhere, or nothing follows, when its token is made again";
    }
    return expected == null ? successor() : residual();
  }

  private boolean goesOn() {
    return expected == null ? !Prefill.atBoundary(memory) : run.operators() < last;
  }

  private String residual() {
    float[] now = new float[expected.length];
    long at = memory.loadI64(Header.HIDDEN);
    MemorySegment.copy(memory.state, ValueLayout.JAVA_FLOAT, at, now, 0, now.length);
    boolean same = MemorySegment.ofArray(now).mismatch(MemorySegment.ofArray(expected)) < 0;
    return same ? "" : "layer " + layer + " hands on another vector when it is made again";
  }

  private String successor() {
    boolean sampled = position >= boundary.word(Control.PROMPT_TOKENS) - 1 && !run.exited();
    if (sampled && memory.loadI32(token(position + 1)) != next) {
      return "another token follows when it is made again";
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
