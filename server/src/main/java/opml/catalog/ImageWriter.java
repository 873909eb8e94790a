package opml.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import opml.guest.Header;
import opml.guest.HeaderWriter;
import opml.guest.Layout;
import opml.guest.Shape;
import opml.guest.Tensor;

/**
 * Lays out the content of WEIGHTS (header, tensor table, tokenizer, RoPE table, planes) and writes
 * it to a file.
 */
final class ImageWriter {
  private static final int ALIGNMENT = 64;

  /** Tensors that become one matrix, row after row, and where its planes begin. */
  private record Joined(List<Gguf.Entry> parts, long[] planes) {}

  private final List<Joined> matrices = new ArrayList<>();
  private final ByteArrayOutputStream table = new ByteArrayOutputStream();
  private final Shape shape;
  private final byte[] tokenizer;
  private final long tokenizerAt;
  private final long ropeAt;
  private long end;

  ImageWriter(Shape shape, byte[] tokenizer) {
    this.shape = shape;
    this.tokenizer = tokenizer;
    place(
        (long) Header.BYTES
            + (Tensor.LAYERS + (long) shape.layers() * Tensor.PER_LAYER) * Tensor.BYTES);
    tokenizerAt = place(tokenizer.length);
    ropeAt = place(4L * shape.context() * shape.headDim());
  }

  /** A place on a multiple of 64 bytes with at least 64 zero bytes behind it. */
  private long place(long bytes) {
    long at = (end + ALIGNMENT - 1) & -ALIGNMENT;
    end = at + bytes + ALIGNMENT;
    return at;
  }

  /** Adds one entry to the tensor table: the parts joined row after row. */
  void add(Gguf.Entry... parts) {
    TensorType type = parts[0].type();
    long rows = 0;
    for (Gguf.Entry part : parts) {
      rows += part.rows();
    }
    int[] widths = Plane.widths(type);
    long blocks = rows * (parts[0].columns() / type.values);
    long[] planes = new long[widths.length];
    long[] addresses = new long[widths.length];
    for (int k = 0; k < planes.length; k++) {
      planes[k] = place(blocks * widths[k]);
      addresses[k] = Header.BASE + planes[k];
    }
    matrices.add(new Joined(List.of(parts), planes));
    table.writeBytes(
        HeaderWriter.entry(
            Plane.guestType(type), Math.toIntExact(rows), (int) parts[0].columns(), addresses));
  }

  /** Adds the entry of a tensor whose rows were joined to an earlier one. */
  void addJoined(Gguf.Entry part) {
    table.writeBytes(HeaderWriter.entry(Plane.guestType(part.type()), 0, (int) part.columns()));
  }

  /** Repeats the entry of the first tensor: tied embeddings. */
  void repeatFirst() {
    byte[] all = table.toByteArray();
    table.write(all, 0, Tensor.BYTES);
  }

  /** Bytes of the content. */
  long size() {
    return (end + ALIGNMENT - 1) & -ALIGNMENT;
  }

  void write(Path file, Layout layout, int[] stops, Progress progress) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      MemorySegment out = channel.map(FileChannel.MapMode.READ_WRITE, 0, size(), arena);
      byte[] header =
          HeaderWriter.header(
              shape,
              layout,
              Header.BASE + Header.BYTES,
              Header.BASE + ropeAt,
              Header.BASE + tokenizerAt,
              tokenizer.length,
              stops);
      put(out, 0, header);
      put(out, header.length, table.toByteArray());
      put(out, tokenizerAt, tokenizer);
      float[] rope = shape.rope();
      MemorySegment.copy(rope, 0, out, ValueLayout.JAVA_FLOAT, ropeAt, rope.length);
      for (Joined matrix : matrices) {
        long first = 0;
        for (Gguf.Entry part : matrix.parts()) {
          Plane.fill(part, out, matrix.planes(), first);
          first += part.rows() * (part.columns() / part.type().values);
        }
        progress.at("Importing tensors", matrix.planes()[0], size());
      }
      out.force();
    }
  }

  private static void put(MemorySegment out, long at, byte[] bytes) {
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, at, bytes.length);
  }
}
