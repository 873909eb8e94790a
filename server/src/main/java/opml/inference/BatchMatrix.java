package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import opml.guest.Tensor;
import opml.inference.emitted.Form;
import opml.inference.emitted.PanelKernel;
import opml.inference.emitted.Product;
import opml.inference.emitted.Table;

/** One matrix times the vectors of all lanes: each row is read once. */
final class BatchMatrix implements Team.Job {
  /** Blocks of a chunk times vectors: claiming it then costs little. */
  private static final int CHUNK = 16384;

  private record Key(Form form, int blocks, int room) {}

  private final Arena arena;
  private final MemorySegment[] arguments;
  private final Map<Key, Table> tables = new HashMap<>();
  private Product kernel;
  private Table table;
  private Form form;
  private int blocks;
  private int rows;
  private int chunk;
  private MemorySegment weights = MemorySegment.NULL;
  private long quants;
  private long scales;
  private long minima;
  private long out;
  private long stride;

  BatchMatrix(Arena arena, int members) {
    this.arena = arena;
    arguments = new MemorySegment[members];
    for (int i = 0; i < members; i++) {
      arguments[i] = Product.arguments(arena);
    }
  }

  /**
   * Fixes a matrix, the number of vectors and where the first row's first result goes.
   *
   * @return whether vectors lie in the same table as those of the matrix before
   */
  boolean prepare(PlainNativeMemory m, long tensor, int vectors, long out, long stride) {
    form = EmittedMatrix.form(m.loadI32(tensor + Tensor.TYPE));
    blocks = m.loadI32(tensor + Tensor.COLUMNS) >> 5;
    rows = m.loadI32(tensor + Tensor.ROWS);
    weights = m.weights();
    quants = weights.address() + plane(m, tensor, 0);
    scales = weights.address() + plane(m, tensor, 1);
    minima = weights.address() + plane(m, tensor, 2);
    kernel = Product.of(form, blocks, vectors);
    Table before = table;
    table =
        tables.computeIfAbsent(
            new Key(form, blocks, Table.room(form, vectors)),
            k -> Table.of(arena, form, blocks, vectors));
    chunk = chunk(vectors);
    this.out = out;
    this.stride = stride;
    return table == before;
  }

  /** Rows of a chunk, whole panels: as many chunks for each member, so that none waits long. */
  private int chunk(int vectors) {
    int some = Math.max(1, CHUNK / vectors / blocks);
    int members = arguments.length;
    int turns = (rows + some * members - 1) / (some * members);
    int even = (rows + turns * members - 1) / (turns * members);
    return (even + PanelKernel.ROWS - 1) / PanelKernel.ROWS * PanelKernel.ROWS;
  }

  private static long plane(PlainNativeMemory m, long tensor, int index) {
    return m.loadI64(tensor + Tensor.PLANES + 8L * index) & (1L << 40) - 1;
  }

  /** Takes the quantized vector of a lane at an absolute address; false when it does not fit. */
  boolean take(int lane, long address) {
    return table.take(Everything.MEMORY, address, lane, weights);
  }

  int chunks() {
    return (rows + chunk - 1) / chunk;
  }

  @Override
  public void run(int index, int member) {
    int end = Math.min(rows, (index + 1) * chunk);
    int row = Math.max(0, Math.min(index * chunk, end - PanelKernel.ROWS));
    long skipped = (long) row * blocks;
    kernel.run(
        arguments[member],
        quants + skipped * form.blockBytes(),
        scales + 2 * skipped,
        minima + skipped * form.thirdPlane() / 8,
        table.address(),
        out + 4L * row,
        stride,
        end - row);
  }
}
