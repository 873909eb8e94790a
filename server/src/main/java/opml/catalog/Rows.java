package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Takes rows of a matrix apart, some at a time, in memory of its own: one for each thread. */
final class Rows {
  private final Gguf.Entry from;
  private final int head;
  private final int units;
  private final int[] widths;
  private final int bytes;
  private final byte[] in;
  private final byte[][] planes;
  private final FloatBlocks floats;

  /**
   * For so many rows at a time.
   *
   * @param head as in {@link Plane#fill}; then rows are moved in whole heads
   */
  Rows(Gguf.Entry from, int head, int most) {
    TensorType type = from.type();
    this.from = from;
    this.head = head;
    this.units = Math.toIntExact(from.columns() / Plane.unit(type));
    this.widths = Plane.widths(type);
    this.bytes = Math.toIntExact(type.size(from.columns()));
    this.in = new byte[Math.multiplyExact(most, bytes)];
    this.planes = new byte[widths.length][];
    for (int k = 0; k < planes.length; k++) {
      planes[k] = new byte[Math.multiplyExact(most, units * widths[k])];
    }
    this.floats = type.isFloat() ? new FloatBlocks(type) : null;
  }

  /** Moves rows [row, row + n) to planes that begin at {@code to}, from a row of these on. */
  void move(long row, int n, Plane.Output out, long[] to, long target) throws IOException {
    MemorySegment.copy(from.data(), JAVA_BYTE, row * bytes, in, 0, n * bytes);
    for (int r = 0; r < n; r++) {
      blocks(r * bytes, (int) (Plane.place(row + r, head) - row) * units);
    }
    for (int k = from.type().values == 256 ? 2 : 1; k < planes.length; k++) {
      finite(planes[k], row, n, units * widths[k]);
    }
    for (int k = 0; k < planes.length; k++) {
      int width = units * widths[k];
      out.put(planes[k], n * width, to[k] + target * width);
    }
  }

  private void blocks(int at, int b) {
    if (floats != null) {
      floats.move(in, at, units, planes, b);
    } else if (from.type().values == 256) {
      SuperBlocks.move(from.type(), in, at, units, planes, b);
    } else {
      Blocks.move(from.type(), in, at, units, planes, b);
    }
  }

  /** The guest's twins rely on finite scales. */
  private void finite(byte[] halves, long row, int n, int width) {
    for (int i = 1; i < n * width; i += 2) {
      if ((halves[i] & 0x7c) == 0x7c) {
        long found = row;
        while (Plane.place(found, head) != row + i / width) {
          found++;
        }
        throw new GgufException(
            from.where()
                + " has a value or scale that is not finite in row "
                + found
                + ": the file is damaged, fetch it again");
      }
    }
  }
}
