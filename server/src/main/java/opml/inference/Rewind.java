package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.guest.Wire;
import opml.inference.Boundaries.Boundary;
import opml.machine.Pages;
import opml.machine.Regions;

/**
 * Brings a run's memory to a token boundary it has passed, or to its beginning. Rows of the cache
 * come from where they were kept, or are made anew from the token ids, some at once.
 */
final class Rewind {
  private static final long OUTPUT = Regions.base(Regions.OUTPUT);
  private static final byte[] ZERO = new byte[Pages.PAGE];
  private static final MemorySegment ZEROS = MemorySegment.ofArray(ZERO);
  private static final int STRETCH = 512;

  private final NativeMemory memory;
  private final Prefill prefill;
  private final Set<Long> seen = new TreeSet<>(); // pages stored to since the beginning
  private final Map<Long, byte[]> beginning = new HashMap<>(); // pages; others are zero
  private CacheRow cache;
  private OperatorCount operators;
  private int first = -1; // rows at the beginning, as below
  private int rows = -1; // complete rows; -1 before the first token boundary

  Rewind(NativeMemory memory, Prefill prefill) {
    this.memory = memory;
    this.prefill = prefill;
  }

  /** The run is at a token boundary. */
  void pass() {
    rows = memory.loadI32(Control.POSITION);
  }

  /** The present state becomes the beginning. */
  void beginHere() {
    for (long page : pages()) {
      beginning.put(page, memory.page(page));
    }
    seen.clear();
    first = rows;
  }

  /** Makes this memory equal to that of another run. */
  void copy(Rewind other) {
    Set<Long> all = new TreeSet<>(other.beginning.keySet());
    all.addAll(other.pages());
    all.forEach(page -> put(page, other.memory.page(page)));
    rows = other.rows;
  }

  /** Whether no token boundary was passed on the way here. */
  boolean reading() {
    return rows < 0;
  }

  void toBeginning(Boundaries known) {
    if (rows > first) {
      known.save(cache(), Math.max(0, first), rows);
    }
    for (long page : pages()) {
      put(page, beginning.getOrDefault(page, ZERO));
    }
    rows = first;
  }

  /**
   * Goes to a boundary, or to the last before it for which there are rows; null when that is the
   * present token's.
   */
  Boundary to(Boundaries known, Boundary target) {
    Boundary to = target;
    int position = to.position();
    int have = Math.max(0, rows);
    if (position > have) {
      position = fill(known, have, position);
      if (position == to.position()) {
        fillAhead(known, position);
      }
      to = known.at(position);
      if (position == have || to == null) {
        return null;
      }
    } else {
      known.save(cache(), position, have);
      for (int p = position; p <= rows; p++) {
        cache().clear(p);
      }
    }
    if (rows < 0) { // some of the prompt's text may have been read
      clear(memory.loadI64(Header.TOKENIZER_STATE), memory.loadI64(Header.TOKENIZER_STATE_BYTES));
    }
    clear(memory.loadI64(Header.ACTIVATIONS), memory.loadI64(Header.ACTIVATION_BYTES));
    tokens(known.tokens(), to.word(Control.TOKEN_COUNT));
    text(known.text(), to.word(Control.TEXT_LENGTH));
    memory.statePages.mark(0);
    MemorySegment.copy(to.control(), 0, memory.state, JAVA_BYTE, 0, to.control().length);
    rows = position;
    return to;
  }

  /** Rows [from, position), from those that are kept, else made anew; how far that went. */
  private int fill(Boundaries known, int from, int position) {
    int p = from;
    while (p < position) {
      byte[] row = known.row(p);
      if (row != null) {
        cache().write(p++, row);
        continue;
      }
      if (p == first) {
        return p; // a fault in this token's middle made it what it is
      }
      int end = p + 1;
      while (end < position && known.row(end) == null) {
        end++;
      }
      int reached = prefill.rows(known.tokens(), p, end);
      if (reached < end) {
        return reached;
      }
      p = end;
    }
    return p;
  }

  /** Makes the row of a token and of some after it, to be kept: it will be gone into. */
  private void fillAhead(Boundaries known, int position) {
    int end = position;
    while (end < position + BatchForward.MAX
        && known.row(end) == null
        && known.at(end + 1) != null) {
      end++;
    }
    if (end > position && known.hasRoom(cache())) {
      int made = prefill.rows(known.tokens(), position, end);
      known.save(cache(), position, made);
      for (int p = position; p < made; p++) {
        cache().clear(p);
      }
    }
  }

  /**
   * Goes on inside the token at whose boundary the run stands, to a layer before which its residual
   * stream is kept. One whole layer before the one asked for is made anew: it leaves in every
   * buffer what is there after any layer.
   *
   * @param most operators to go at most
   * @return operators gone over
   */
  long resume(Boundaries known, long most) {
    int position = memory.loadI32(Control.POSITION);
    byte[] row = known.row(position);
    if (row == null) {
      return 0;
    }
    if (operators == null) {
      operators = new OperatorCount(memory);
    }
    int layer = known.layerKept(position, operators.layer(position, most) - 1);
    if (layer == 0) {
      return 0;
    }
    cache().write(position, row, layer);
    known.restore(position, layer, memory);
    memory.storeI32(Control.STAGE, Tensor.QUERY);
    memory.storeI32(Control.LAYER, layer);
    return operators.toLayer(position, layer);
  }

  private void tokens(int[] ids, int count) {
    long at = memory.loadI64(Header.TOKENS);
    int before = memory.loadI32(Control.TOKEN_COUNT);
    for (int i = 0; i < Math.max(count, before); i++) {
      int id = i < count ? ids[i] : 0;
      if (memory.loadI32(at + 4L * i) != id) {
        memory.storeI32(at + 4L * i, id);
      }
    }
  }

  private void text(byte[] text, int length) {
    int header = (int) (Wire.TEXT - Wire.OUTPUT);
    int bytes = header + Math.max(length, memory.loadI32(Control.TEXT_LENGTH));
    memory.outputPages.mark(0, bytes);
    memory.output.asSlice(0, bytes).fill((byte) 0);
    MemorySegment.copy(text, 0, memory.output, JAVA_BYTE, header, length);
  }

  /** Zeros; what is zero already need not be hashed again. */
  private void clear(long from, long bytes) {
    long end = from + bytes;
    for (long at = from; at < end; at += STRETCH) {
      long n = Math.min(STRETCH, end - at);
      MemorySegment some = memory.state.asSlice(at, n);
      if (some.mismatch(ZEROS.asSlice(0, n)) >= 0) {
        memory.statePages.mark(at, n);
        some.fill((byte) 0);
      }
    }
  }

  private CacheRow cache() {
    if (cache == null) {
      cache = new CacheRow(memory);
    }
    return cache;
  }

  /** Addresses of the pages of STATE and OUTPUT stored to since the beginning. */
  private Set<Long> pages() {
    for (long page : memory.touched()) {
      seen.add(page);
    }
    return seen;
  }

  /** Overwrites a page where it differs. */
  void put(long page, byte[] content) {
    boolean output = page >= OUTPUT;
    long offset = output ? page - OUTPUT : page;
    MemorySegment to = (output ? memory.output : memory.state).asSlice(offset, Pages.PAGE);
    MemorySegment from = MemorySegment.ofArray(content);
    if (to.mismatch(from) >= 0) {
      (output ? memory.outputPages : memory.statePages).mark(offset, Pages.PAGE);
      to.copyFrom(from);
    }
  }
}
