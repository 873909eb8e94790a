package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.machine.Regions;

/** The SIMD twin of the matrix kernel: fixed on one product, then run chunk by chunk. */
final class MatrixTwin implements Team.Job {
  /** What a chunk takes at least, so that claiming it costs little: blocks. */
  private static final int CHUNK_BLOCKS = 2048;

  /** Bytes of scales read past a row's end. */
  private static final int BEYOND = 16;

  private final PlainNativeMemory memory;
  private final FiniteScales finite;
  private final Scratch[] scratch;
  private final KnownVectors<Activation> vectors =
      new KnownVectors<>((blocks, type) -> new Activation(blocks));

  private Activation x;
  private int[] table;
  private int end;
  private int type;
  private int rows;
  private int rowBlocks;
  private int width;
  private int batch;
  private int chunk;
  private long quants;
  private long scales;
  private long minima;
  private long out;
  private final EmittedMatrix emitted;
  private boolean emit;

  /**
   * Makes what {@code members} threads need.
   *
   * @param emitted whether to run machine code emitted for this processor
   */
  MatrixTwin(
      PlainNativeMemory memory, Arena arena, int members, boolean emitted, FiniteScales finite) {
    this.memory = memory;
    this.finite = finite;
    this.emitted = emitted ? new EmittedMatrix(memory, arena, members) : null;
    scratch = new Scratch[members];
    for (int i = 0; i < members; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** Prepares a product; false when the plain form has to run (it then faults as the VM does). */
  boolean prepare(long tensor, int first, int count, long vector, long result) {
    type = memory.loadI32(tensor + Tensor.TYPE);
    int columns = memory.loadI32(tensor + Tensor.COLUMNS);
    int blocks = columns >> 5;
    boolean nibbles = type == Tensor.Q4_0 || type == Tensor.Q4_1;
    boolean known = nibbles || type == Tensor.Q8_0 || type == Tensor.Q5_1;
    if (!known || Sums.LANES < 8 || blocks < 1 || count < 1 || first < 0 || (vector & 31) != 0) {
      return false;
    }
    boolean shifted = type == Tensor.Q4_1 || type == Tensor.Q5_1;
    width = nibbles ? 16 : 32;
    long skipped = (long) first * blocks;
    long items = (long) count * blocks;
    quants = memory.plane(tensor, 0, skipped * width, (items + 2 * Fold.UNIT) * width, 32);
    scales = memory.plane(tensor, 1, skipped * 2, items * 2 + BEYOND, 2);
    minima = shifted ? memory.plane(tensor, 2, skipped * 2, items * 2 + BEYOND, 2) : 0;
    int bytes = Quantized.bytes(blocks);
    long from = memory.offset(Regions.STATE, vector, bytes);
    out = memory.offset(Regions.STATE, result + 4L * first, 4L * count);
    boolean apart = out + 4L * count <= from || from + bytes <= out;
    if (quants < 0 || scales < 0 || minima < 0 || from < 0 || out < 0 || (out & 3) != 0 || !apart) {
      return false;
    }
    if (first + count > memory.loadI32(tensor + Tensor.ROWS) || !finite(tensor)) {
      return false;
    }
    memory.statePages.mark(out, 4L * count);
    rows = count;
    rowBlocks = blocks;
    emit = emitted != null && emitted.prepare(type, blocks, vector, from);
    if (emit) {
      chunk = EmittedMatrix.chunk(rows, blocks, scratch.length);
      return true;
    }
    x = vectors.at(vector, blocks, KnownVectors.ANY);
    x.take(memory.state, from);
    table = nibbles ? x.nibbleTable() : x.byteTable();
    end = nibbles ? x.nibbleEnd : x.byteEnd;
    batch = nibbles ? x.nibbleRows : x.byteRows;
    chunk = Math.max(1, CHUNK_BLOCKS / (batch * blocks)) * batch;
    for (Scratch s : scratch) {
      s.grow(batch * blocks + 2 * Fold.UNIT);
    }
    return true;
  }

  /** Whether kernels can do with a tensor's scales; they are read once for each tensor. */
  boolean finite(long tensor) {
    int type = memory.loadI32(tensor + Tensor.TYPE);
    if (Tensor.isSuper(type)) {
      return true;
    }
    long rows = memory.loadI32(tensor + Tensor.ROWS);
    long bytes = 2 * rows * (memory.loadI32(tensor + Tensor.COLUMNS) >> 5);
    boolean shifted = type == Tensor.Q4_1 || type == Tensor.Q5_1;
    long from = memory.plane(tensor, 1, 0, bytes, 2);
    long second = shifted ? memory.plane(tensor, 2, 0, bytes, 2) : 0;
    return from >= 0
        && second >= 0
        && finite.finite(from, bytes)
        && (!shifted || finite.finite(second, bytes));
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
      long s = scales + 2 * skipped;
      long m = minima + 2 * skipped;
      emitted.rows(member, quants + width * skipped, s, m, out + 4L * row, until - row);
      return;
    }
    Scratch t = scratch[member];
    for (int r = index * chunk; r < until; r += batch) {
      rows(t, r, Math.min(batch, until - r));
    }
  }

  private void rows(Scratch t, int row, int count) {
    MemorySegment w = memory.weights();
    MemorySegment y = memory.state;
    long skipped = (long) row * x.blocks;
    int blocks = count * x.blocks + Fold.UNIT - 1 & -Fold.UNIT;
    long s = scales + 2 * skipped;
    long m = minima + 2 * skipped;
    long to = out + 4L * row;
    if (type == Tensor.Q4_0 || type == Tensor.Q4_1) {
      t.seen += Sums.nibbles(w, quants + 16 * skipped, table, end, t.partial, 16 * blocks);
      Fold.four(t.partial, t.sums, blocks);
      if (type == Tensor.Q4_0) {
        Terms.scaled(w, s, x, x.eightSums, t, y, to, count);
      } else {
        Terms.shifted(w, s, m, x, x.none, t, y, to, count);
      }
    } else {
      t.seen += Sums.bytes(w, quants + 32 * skipped, table, end, t.partial, 32 * blocks);
      Fold.eight(t.partial, t.sums, blocks);
      if (type == Tensor.Q8_0) {
        Terms.scaled(w, s, x, x.byteBias, t, y, to, count);
      } else {
        Terms.shifted(w, s, m, x, x.byteBias, t, y, to, count);
      }
    }
  }
}
