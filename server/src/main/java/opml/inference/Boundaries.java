package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import opml.guest.Control;
import opml.guest.Header;

/**
 * The token boundaries that a run has passed. There STATE is control block, token ids and the
 * cache's rows so far (INV-08): the first two are kept, some hundred bytes a token, rows and the
 * residual stream before some layers while they fit a bound. Not safe for use by several threads at
 * once.
 */
public final class Boundaries {
  /**
   * A boundary.
   *
   * @param operators done before it
   * @param control the words of the control block that are in use
   */
  record Boundary(long operators, byte[] control) {
    /** A word of the control block. */
    int word(long field) {
      return getInt(control, (int) field);
    }

    int position() {
      return word(Control.POSITION);
    }
  }

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int ROOM = 256; // tokens without growing
  private static final int CONTROL = (int) Control.MAX_TOKENS + 4;

  /** The residual stream is kept before every so many layers. */
  private static final int EVERY = 4;

  private final Map<Integer, byte[]> rows = new HashMap<>();
  private final Map<Integer, float[]> streams = new HashMap<>();
  private int size;
  private long[] operators = new long[ROOM];
  private byte[] controls = new byte[ROOM * CONTROL];
  private int[] tokens = new int[ROOM];
  private byte[] text = new byte[4 * ROOM];
  private long most;
  private long bytes;

  /** None yet. */
  public Boundaries() {}

  /** The same, without rows and streams. */
  public Boundaries(Boundaries other) {
    size = other.size;
    operators = other.operators.clone();
    controls = other.controls.clone();
    tokens = other.tokens.clone();
    text = other.text.clone();
  }

  /** The same, without rows. */
  Boundaries withStreams() {
    Boundaries copy = new Boundaries(this);
    streams.forEach((position, stream) -> copy.streams.put(position, stream.clone()));
    copy.bytes = streams.values().stream().mapToLong(stream -> 4L * stream.length).sum();
    return copy;
  }

  /** As if none had been passed. */
  void forget() {
    size = 0;
    rows.clear();
    streams.clear();
    bytes = 0;
  }

  /** Rows may take so many bytes from now on. */
  void keep(long bytes) {
    most = bytes;
  }

  /** Notes the boundary where a run stands, and those that a batch of the prompt ran over. */
  void pass(PlainNativeMemory m, long done) {
    if (size > 0 && done <= operators[size - 1]) {
      return;
    }
    int now = m.loadI32(Control.POSITION);
    if (size > 0 && word(size - 1, Control.POSITION) + 1 < now) {
      OperatorCount count = new OperatorCount(m);
      for (int p = word(size - 1, Control.POSITION); p + 1 < now; p++) {
        add(operators[size - 1] + count.ofToken(p));
        System.arraycopy(controls, (size - 2) * CONTROL, controls, (size - 1) * CONTROL, CONTROL);
        putInt(controls, (size - 1) * CONTROL + (int) Control.POSITION, p + 1);
      }
    }
    int ids = size == 0 ? 0 : word(size - 1, Control.TOKEN_COUNT);
    int from = size == 0 ? 0 : word(size - 1, Control.TEXT_LENGTH);
    add(done);
    MemorySegment.copy(m.state, ValueLayout.JAVA_BYTE, 0, controls, (size - 1) * CONTROL, CONTROL);
    int to = word(size - 1, Control.TOKEN_COUNT);
    tokens = to <= tokens.length ? tokens : Arrays.copyOf(tokens, 2 * to);
    long at = m.loadI64(Header.TOKENS) + 4L * ids;
    MemorySegment.copy(m.state, ValueLayout.JAVA_INT, at, tokens, ids, to - ids);
    int length = word(size - 1, Control.TEXT_LENGTH);
    text = length <= text.length ? text : Arrays.copyOf(text, 2 * length);
    MemorySegment.copy(m.output, ValueLayout.JAVA_BYTE, 16L + from, text, from, length - from);
  }

  private void add(long done) {
    if (size == operators.length) {
      operators = Arrays.copyOf(operators, 2 * size);
      controls = Arrays.copyOf(controls, 2 * size * CONTROL);
    }
    operators[size++] = done;
  }

  private int word(int i, long field) {
    return getInt(controls, i * CONTROL + (int) field);
  }

  private static int getInt(byte[] from, int at) {
    return (int) WORD.get(from, at);
  }

  private static void putInt(byte[] to, int at, int value) {
    WORD.set(to, at, value);
  }

  private Boundary boundary(int i) {
    byte[] control = Arrays.copyOfRange(controls, i * CONTROL, (i + 1) * CONTROL);
    return new Boundary(operators[i], control);
  }

  /** The last boundary before or at an operator; null before the first. */
  Boundary before(long operator) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = low + high >>> 1;
      if (operators[middle] <= operator) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? null : boundary(low - 1);
  }

  /** The boundary before a position; null when it was not passed. */
  Boundary at(int position) {
    int i = size == 0 ? -1 : position - word(0, Control.POSITION);
    return i < 0 || i >= size ? null : boundary(i);
  }

  /** How many were passed. */
  int size() {
    return size;
  }

  /** Token ids of prompt and answer, at least so far. */
  int[] tokens() {
    return tokens;
  }

  /** The answer's text, at least so far. */
  byte[] text() {
    return text;
  }

  /** A row of the cache, or null where it is not kept. */
  byte[] row(int position) {
    return rows.get(position);
  }

  /** Whether anything is kept. */
  boolean keeps() {
    return most > 0;
  }

  /** Whether another row may be kept. */
  boolean hasRoom(CacheRow cache) {
    return bytes + cache.bytes() <= most;
  }

  /** Keeps rows [from, to) that are about to be lost, the first ones if not all fit. */
  void save(CacheRow cache, int from, int to) {
    for (int p = from; p < to && hasRoom(cache); p++) {
      if (!rows.containsKey(p)) {
        rows.put(p, cache.read(p));
        bytes += cache.bytes();
      }
    }
  }

  /** The residual stream of a token lies before a layer. Made again it is the same. */
  void note(int position, int layer, MemorySegment from, long at, PlainNativeMemory m) {
    if (!keeps() || layer % EVERY != 0 || layer == 0) {
      return;
    }
    int dim = m.loadI32(Header.DIM);
    float[] stream = streams.get(position);
    if (stream == null) {
      stream = new float[(m.loadI32(Header.LAYERS) - 1) / EVERY * dim];
      if (bytes + 4L * stream.length > most / 2) { // rows are what most is for
        return;
      }
      streams.put(position, stream);
      bytes += 4L * stream.length;
    }
    int to = (layer / EVERY - 1) * dim;
    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, at, stream, to, dim);
  }

  /** The tokens at positions [from, to) are none of the answer's. */
  void drop(int from, int to) {
    for (int p = from; p < to; p++) {
      float[] stream = streams.remove(p);
      bytes -= stream == null ? 0 : 4L * stream.length;
    }
  }

  /** The last layer up to this one before which a token's residual stream is kept; 0 for none. */
  int layerKept(int position, int layer) {
    return streams.containsKey(position) ? Math.max(0, layer) / EVERY * EVERY : 0;
  }

  /** Puts the residual stream that was kept before a layer where it belongs. */
  void restore(int position, int layer, PlainNativeMemory m) {
    int dim = m.loadI32(Header.DIM);
    long to = m.loadI64(Header.HIDDEN);
    m.statePages.mark(to, 4L * dim);
    int from = (layer / EVERY - 1) * dim;
    MemorySegment.copy(streams.get(position), from, m.state, ValueLayout.JAVA_FLOAT, to, dim);
  }
}
