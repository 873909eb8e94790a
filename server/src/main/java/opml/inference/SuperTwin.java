package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Header;
import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.machine.Regions;

/**
 * The SIMD twin of the matrix kernel for the K formats: fixed on one product, then run by chunks.
 */
final class SuperTwin implements Team.Job {
  /** What a chunk takes at least, so that claiming it costs little: blocks. */
  private static final int CHUNK_BLOCKS = 2048;

  private final PlainNativeMemory memory;
  private final Scratch[] scratch;
  private final int[][] first;
  private final KnownVectors<SuperActivation> vectors =
      new KnownVectors<>((blocks, type) -> new SuperActivation(blocks));

  private SuperActivation x;
  private int[] table;
  private int end;
  private int type;
  private int rows;
  private int rowBlocks;
  private int batch;
  private int chunk;
  private int width;
  private int factorBytes;
  private long quants;
  private long scales;
  private long factors;
  private long out;
  private final EmittedMatrix emitted;
  private boolean emit;

  /**
   * Makes what {@code members} threads need.
   *
   * @param emitted whether to run machine code emitted for this processor
   */
  SuperTwin(PlainNativeMemory memory, Arena arena, int members, boolean emitted) {
    this.memory = memory;
    this.emitted = emitted ? new EmittedMatrix(memory, arena, members) : null;
    scratch = new Scratch[members];
    first = new int[members][0];
    for (int i = 0; i < members; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** Prepares a product; false when another form has to run. */
  boolean prepare(long tensor, int from, int count, long vector, long result) {
    type = memory.loadI32(tensor + Tensor.TYPE);
    int columns = memory.loadI32(tensor + Tensor.COLUMNS);
    int blocks = columns >> 5;
    boolean whole = columns > 0 && (columns & 255) == 0;
    if (!Tensor.isSuper(type)
        || !whole
        || Sums.LANES < 8
        || count < 1
        || from < 0
        || (vector & 31) != 0) {
      return false;
    }
    boolean bytes = type == Tensor.Q5_K || type == Tensor.Q6_K;
    width = bytes ? 32 : 16;
    factorBytes = type == Tensor.Q6_K || type == Tensor.Q3_K ? 2 : 4;
    long skipped = (long) from * blocks;
    long items = (long) count * blocks;
    quants = memory.plane(tensor, 0, skipped * width, (items + 2 * Fold.UNIT) * width, width);
    scales = memory.plane(tensor, 1, skipped * 2, items * 2, 1);
    factors = memory.plane(tensor, 2, skipped / 8 * factorBytes, items / 8 * factorBytes, 2);
    int size = Quantized.bytes(blocks);
    long at = memory.offset(Regions.STATE, vector, size);
    out = memory.offset(Regions.STATE, result + 4L * from, 4L * count);
    boolean apart = out + 4L * count <= at || at + size <= out;
    boolean ones = memory.offset(Regions.WEIGHTS, Header.ONES, 32) >= 0;
    if ((quants | scales | factors | at | out) < 0 || (out & 3) != 0 || !apart || !ones) {
      return false;
    }
    memory.statePages.mark(out, 4L * count);
    rows = count;
    rowBlocks = blocks;
    emit = emitted != null && emitted.prepare(type, blocks, vector, at);
    if (emit) {
      chunk = EmittedMatrix.chunk(rows, blocks, scratch.length);
      return true;
    }
    x = vectors.at(vector, blocks, KnownVectors.ANY);
    x.take(memory.state, at, memory.weights());
    table = bytes ? x.x.byteTable() : x.x.nibbleTable();
    end = bytes ? x.x.byteEnd : x.x.nibbleEnd;
    batch = bytes ? x.x.byteRows : x.x.nibbleRows;
    chunk = Math.max(1, CHUNK_BLOCKS / (batch * blocks)) * batch;
    for (int i = 0; i < scratch.length; i++) {
      scratch[i].grow(2 * (batch * blocks + 2 * Fold.UNIT));
      if (first[i].length < scratch[i].sums.length) {
        first[i] = new int[scratch[i].sums.length];
      }
    }
    return true;
  }

  /** Chunks of the prepared product. */
  int chunks() {
    return (rows + chunk - 1) / chunk;
  }

  @Override
  public void run(int index, int member) {
    int until = Math.min(rows, (index + 1) * chunk);
    if (emit) {
      int row = index * chunk;
      long skipped = (long) row * rowBlocks;
      long f = factors + skipped / 8 * factorBytes;
      long s = scales + 2 * skipped;
      emitted.rows(member, quants + width * skipped, s, f, out + 4L * row, until - row);
      return;
    }
    for (int r = index * chunk; r < until; r += batch) {
      rows(member, r, Math.min(batch, until - r));
    }
  }

  private void rows(int member, int row, int count) {
    Scratch t = scratch[member];
    MemorySegment w = memory.weights();
    long skipped = (long) row * x.x.blocks;
    int blocks = count * x.x.blocks + Fold.UNIT - 1 & -Fold.UNIT;
    long q = quants + width * skipped;
    long s = scales + 2 * skipped;
    long f = factors + skipped / 8 * factorBytes;
    long to = out + 4L * row;
    if (width == 32) {
      t.seen += Sums.bytes(w, q, table, end, t.partial, 32 * blocks);
      if (type == Tensor.Q6_K) {
        Fold.four(t.partial, t.sums, 2 * blocks);
        SuperTerms.signed(w, s, f, x, t, memory.state, to, count);
      } else {
        Fold.eight(t.partial, t.sums, blocks);
        SuperTerms.shifted(w, s, f, x, x.x.byteBias, t, memory.state, to, count);
      }
      return;
    }
    t.seen += Sums.nibbles(w, q, table, end, t.partial, 16 * blocks);
    Fold.four(t.partial, t.sums, blocks);
    if (type == Tensor.Q4_K) {
      SuperTerms.shifted(w, s, f, x, x.x.none, t, memory.state, to, count);
      return;
    }
    t.seen += Sums.nibbles(w, q, x.firstTable(), end, t.partial, 16 * blocks);
    Fold.four(t.partial, first[member], blocks);
    if (type == Tensor.Q3_K) {
      SuperHalves.centred(w, s, f, x, t, first[member], memory.state, to, count);
    } else {
      SuperHalves.shifted(w, s, f, x, t, first[member], memory.state, to, count);
    }
  }
}
