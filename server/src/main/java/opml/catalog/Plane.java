package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import opml.guest.Tensor;

/**
 * Moves the rows of a tensor into planes (opml.guest.Tensor). Quantized values stay as they are;
 * floats become Q8_0, since they have no exact integer form.
 */
final class Plane {
  /** Rows are moved in pieces of about so many bytes, by all processors. */
  private static final long PIECE = 1 << 20;

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

  /**
   * Writes all rows of a matrix.
   *
   * @param to where the planes begin
   * @param first row of the planes that gets the first row
   * @param head rows of a head whose first and second half are to alternate, or 0: the rotation of
   *     the file's pairs (i, i + head / 2) becomes that of neighbours
   */
  static void fill(Gguf.Entry from, MemorySegment out, long[] to, long first, int head) {
    TensorType type = from.type();
    long bytes = type.size(from.columns());
    long step = head > 0 ? 1 : Math.clamp(PIECE / bytes, 1, from.rows());
    LongStream.range(0, (from.rows() + step - 1) / step)
        .parallel()
        .forEach(
            piece -> {
              long row = piece * step;
              int rows = (int) Math.min(step, from.rows() - row);
              move(from, row, rows, out, to, first + place(row, head));
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

  private static void move(
      Gguf.Entry from, long row, int rows, MemorySegment out, long[] to, long target) {
    TensorType type = from.type();
    int[] widths = widths(type);
    int units = Math.toIntExact(rows * from.columns() / unit(type));
    int size = type.bytes * (unit(type) / type.values);
    byte[] in = new byte[units * size];
    MemorySegment.copy(from.data(), JAVA_BYTE, row * type.size(from.columns()), in, 0, in.length);
    byte[][] planes = new byte[widths.length][];
    for (int k = 0; k < planes.length; k++) {
      planes[k] = new byte[units * widths[k]];
    }
    for (int b = 0; b < units; b++) {
      if (type.isFloat()) {
        Blocks.quantize(type, in, b * size, planes, b);
      } else if (type.values == 256) {
        SuperBlocks.move(type, in, b * size, planes, b);
      } else {
        Blocks.move(type, in, b * size, planes, b);
      }
    }
    for (int k = type.values == 256 ? 2 : 1; k < planes.length; k++) {
      finite(from, planes[k], row, rows);
    }
    long skipped = target * (from.columns() / unit(type));
    for (int k = 0; k < planes.length; k++) {
      MemorySegment.copy(
          planes[k], 0, out, JAVA_BYTE, to[k] + skipped * widths[k], planes[k].length);
    }
  }

  /** The guest's twins rely on finite scales. */
  private static void finite(Gguf.Entry from, byte[] halves, long row, int rows) {
    for (int i = 1; i < halves.length; i += 2) {
      if ((halves[i] & 0x7c) == 0x7c) {
        throw new GgufException(
            from.where()
                + " has a value or scale that is not finite in row "
                + (row + (long) i * rows / halves.length)
                + ": the file is damaged, fetch it again");
      }
    }
  }

  /** Copies floats: a norm or a bias. */
  static void floats(Gguf.Entry from, MemorySegment out, long to, int head) {
    for (long i = 0; i < from.columns(); i++) {
      float value = from.data().get(JAVA_FLOAT_UNALIGNED, 4 * i);
      if (!Float.isFinite(value)) {
        throw new GgufException(
            from.where()
                + " has a value that is not finite at index "
                + i
                + ": fetch the file again");
      }
      out.set(JAVA_FLOAT_UNALIGNED, to + 4 * place(i, head), value);
    }
  }
}
