package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Tensor;
import opml.inference.emitted.Form;
import opml.inference.emitted.Product;
import opml.inference.emitted.RowsKernel;
import opml.machine.Regions;

/** Matrix rows by emitted machine code: fixed on one product, then run range by range. */
final class EmittedMatrix {
  /** Blocks of a chunk. */
  private static final int LEAST = 2048;

  private static final int MOST = 16384;

  /** Zero bytes that follow every plane. */
  private static final int BEYOND = 64;

  private final PlainNativeMemory memory;
  private final MemorySegment[] arguments;
  private final KnownVectors<EmittedActivation> vectors;
  private EmittedActivation x;

  EmittedMatrix(PlainNativeMemory memory, Arena arena, int members) {
    this.memory = memory;
    vectors =
        new KnownVectors<>((blocks, type) -> new EmittedActivation(arena, blocks, form(type)));
    arguments = new MemorySegment[members];
    for (int i = 0; i < members; i++) {
      arguments[i] = Product.arguments(arena);
    }
  }

  /** The emitted form of a tensor type; null when there is none. */
  static Form form(int type) {
    return switch (type) {
      case Tensor.Q4_0 -> Form.Q4_0;
      case Tensor.Q4_1 -> Form.Q4_1;
      case Tensor.Q8_0 -> Form.Q8_0;
      case Tensor.Q5_1 -> Form.Q5_1;
      case Tensor.Q4_K -> Form.Q4_K;
      case Tensor.Q5_K -> Form.Q5_K;
      case Tensor.Q6_K -> Form.Q6_K;
      case Tensor.Q3_K -> Form.Q3_K;
      case Tensor.Q2_K -> Form.Q2_K;
      default -> null;
    };
  }

  /**
   * Rows of a chunk of a product: enough that claiming it costs little, few enough that nobody
   * waits long for the last one, and a multiple of what kernels take at once.
   */
  static int chunk(int rows, int blocks, int members) {
    if (members == 1) {
      return rows;
    }
    long share = (long) rows * blocks / (8L * members);
    int some = Math.clamp(share, LEAST, MOST) / blocks;
    return Math.max(RowsKernel.ROWS, some / RowsKernel.ROWS * RowsKernel.ROWS);
  }

  /** Whether a tensor has a kernel and its planes lie in WEIGHTS, what is read past them too. */
  static boolean suits(PlainNativeMemory m, long tensor) {
    Form form = form(m.loadI32(tensor + Tensor.TYPE));
    int columns = m.loadI32(tensor + Tensor.COLUMNS);
    if (form == null || columns < 32 || form.superBlocks() && columns % 256 != 0) {
      return false;
    }
    long items = (long) m.loadI32(tensor + Tensor.ROWS) * (columns >> 5);
    int third = form.thirdPlane();
    return covers(m, tensor, 0, items * form.blockBytes() + BEYOND)
        && covers(m, tensor, 1, 2 * items + BEYOND)
        && (third == 0 || covers(m, tensor, 2, items * third / 8 + BEYOND));
  }

  private static boolean covers(PlainNativeMemory m, long tensor, int plane, long bytes) {
    long address = m.loadI64(tensor + Tensor.PLANES + 8L * plane);
    return m.offset(Regions.WEIGHTS, address, bytes) >= 0;
  }

  /** Prepares products with the vector at {@code from}; false when its values are too large. */
  boolean prepare(int type, int blocks, long vector, long from) {
    if (form(type) == null) {
      return false;
    }
    x = vectors.at(vector, blocks, type);
    return x.take(memory.state, from, memory.weights());
  }

  /** Rows from offsets of their planes in WEIGHTS; results at an offset of STATE. */
  void rows(int member, long quants, long scales, long minima, long out, int rows) {
    long weights = memory.weights().address();
    x.kernel.run(
        arguments[member],
        weights + quants,
        weights + scales,
        weights + minima,
        x.table(),
        memory.state.address() + out,
        0,
        rows);
  }
}
