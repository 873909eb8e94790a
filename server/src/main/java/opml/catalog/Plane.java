package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import opml.guest.Tensor;

/**
 * Moves the rows of a tensor into planes (opml.guest.Tensor). Quantized values stay as they are;
 * floats become Q8_0, since they have no exact integer form.
 */
final class Plane {
  /** Rows are moved in pieces of about so many bytes, which a core has in its cache. */
  private static final long PIECE = 1 << 16;

  /** Pieces that one thread moves before it takes others. */
  private static final int PIECES = 8;

  private Plane() {}

  /** The guest's type for a matrix of a file type. */
  static int guestType(TensorType t) {
    return t == TensorType.Q5_0 || t.isFloat() ? Tensor.Q8_0 : t.number;
  }

  /** Values of a unit: what the widths belong to. */
  static int unit(TensorType t) {
    return Math.max(32, t.values);
  }

  /** Bytes of a unit in each plane. */
  static int[] widths(TensorType t) {
    return switch (t) {
      case Q4_0 -> new int[] {16, 2};
      case Q4_1 -> new int[] {16, 2, 2};
      case Q5_0, Q8_0, F32, F16, BF16 -> new int[] {32, 2};
      case Q5_1 -> new int[] {32, 2, 2};
      case Q2_K, Q4_K -> new int[] {128, 16, 4};
      case Q3_K -> new int[] {128, 16, 2};
      case Q5_K -> new int[] {256, 16, 4};
      case Q6_K -> new int[] {256, 16, 2};
    };
  }

  /** Takes bytes of the content; called by many threads. */
  interface Output {
    /** The first n bytes; they may change after the call. */
    void put(byte[] bytes, int n, long at) throws IOException;
  }

  /**
   * Writes all rows of a matrix.
   *
   * @param to where the planes begin
   * @param first row of the planes that gets the first row
   * @param head rows of a head whose first and second half are to alternate, or 0: the rotation of
   *     the file's pairs (i, i + head / 2) becomes that of neighbours
   */
  static void fill(Gguf.Entry from, Output out, long[] to, long first, int head)
      throws IOException {
    int some = (int) Math.clamp(PIECE / from.type().size(from.columns()), 1, from.rows());
    int step = head == 0 ? some : Math.max(1, some / head) * head;
    long task = (long) PIECES * step;
    Parallel.run(
        (from.rows() + task - 1) / task,
        i -> {
          Rows rows = new Rows(from, head, step);
          long end = Math.min((i + 1) * task, from.rows());
          for (long row = i * task; row < end; row += step) {
            rows.move(row, (int) Math.min(step, end - row), out, to, first + row);
          }
        });
  }

  /** Where a row goes. */
  static long place(long row, int head) {
    if (head == 0) {
      return row;
    }
    long within = row % head;
    int half = head / 2;
    return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
  }

  /** Copies floats: a norm or a bias. */
  static void floats(Gguf.Entry from, Output out, long to, int head) throws IOException {
    ByteBuffer placed =
        ByteBuffer.allocate(Math.toIntExact(4 * from.columns())).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < from.columns(); i++) {
      float value = from.data().get(JAVA_FLOAT_UNALIGNED, 4 * i);
      if (!Float.isFinite(value)) {
        throw new GgufException(
            from.where()
                + " has a value that is not finite at index "
                + i
                + ": fetch the file again");
      }
      placed.putFloat((int) (4 * place(i, head)), value);
    }
    out.put(placed.array(), placed.capacity(), to);
  }
}
