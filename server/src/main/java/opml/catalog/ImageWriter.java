package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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

  /**
   * A tensor of the file on its way into a matrix.
   *
   * @param bias a float a row, or null
   * @param head rows of a head whose halves are to alternate ({@link Plane#fill}), or 0
   */
  record Part(Gguf.Entry matrix, Gguf.Entry bias, int head) {
    Part(Gguf.Entry matrix) {
      this(matrix, null, 0);
    }
  }

  /** Tensors that become one matrix, row after row, and where its planes and its bias begin. */
  private record Joined(List<Part> parts, long[] planes, long bias) {}

  private final List<Joined> matrices = new ArrayList<>();
  private final ByteArrayOutputStream table = new ByteArrayOutputStream();
  private final Shape shape;
  private final byte[] tokenizer;
  private final float[] rope;
  private final long tokenizerAt;
  private final long ropeAt;
  private long end;

  ImageWriter(Shape shape, float[] rope, byte[] tokenizer) {
    this.shape = shape;
    this.tokenizer = tokenizer;
    this.rope = rope;
    place(
        (long) Header.BYTES
            + (Tensor.LAYERS + (long) shape.layers() * Tensor.PER_LAYER) * Tensor.BYTES);
    tokenizerAt = place(tokenizer.length);
    ropeAt = place(4L * rope.length);
  }

  /** A place on a multiple of 64 bytes with at least 64 zero bytes behind it. */
  private long place(long bytes) {
    long at = (end + ALIGNMENT - 1) & -ALIGNMENT;
    end = at + bytes + ALIGNMENT;
    return at;
  }

  /** Adds a norm to the tensor table. */
  void addNorm(Gguf.Entry norm) {
    long at = place(4 * norm.columns());
    matrices.add(new Joined(List.of(new Part(norm)), new long[] {at}, -1));
    table.writeBytes(HeaderWriter.entry(Tensor.F32, 1, (int) norm.columns(), Header.BASE + at));
  }

  /** Adds one matrix to the tensor table: the parts joined row after row. */
  void add(Part... parts) {
    TensorType type = parts[0].matrix().type();
    long rows = 0;
    for (Part part : parts) {
      rows += part.matrix().rows();
    }
    int[] widths = Plane.widths(type);
    long units = rows * (parts[0].matrix().columns() / Plane.unit(type));
    long[] planes = new long[widths.length];
    long[] addresses = new long[4];
    for (int k = 0; k < planes.length; k++) {
      planes[k] = place(units * widths[k]);
      addresses[k] = Header.BASE + planes[k];
    }
    long bias = parts[0].bias() == null ? -1 : place(4 * rows);
    addresses[3] = bias < 0 ? 0 : Header.BASE + bias;
    matrices.add(new Joined(List.of(parts), planes, bias));
    table.writeBytes(
        HeaderWriter.entry(
            Plane.guestType(type),
            Math.toIntExact(rows),
            (int) parts[0].matrix().columns(),
            addresses));
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

  /**
   * Writes the content, or what a killed import left to be done.
   *
   * @param journal beside the file: how far an import came
   */
  void write(Path file, Journal journal, Layout layout, int[] stops, Progress progress)
      throws IOException {
    byte[] header =
        HeaderWriter.header(
            shape,
            layout,
            Header.BASE + Header.BYTES,
            Header.BASE + ropeAt,
            Header.BASE + tokenizerAt,
            tokenizer.length,
            stops);
    byte[] entries = table.toByteArray();
    Files.createDirectories(file.getParent());
    int done = journal.begin(header, entries, tokenizer);
    if (done == 0) {
      Files.deleteIfExists(file);
    }
    try (Arena arena = Arena.ofShared();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment out = channel.map(FileChannel.MapMode.READ_WRITE, 0, size(), arena);
      put(out, 0, header);
      put(out, header.length, entries);
      put(out, tokenizerAt, tokenizer);
      MemorySegment.copy(rope, 0, out, JAVA_FLOAT, ropeAt, rope.length);
      for (int i = done; i < matrices.size(); i++) {
        Joined matrix = matrices.get(i);
        fill(matrix, out);
        long from = matrix.planes()[0];
        long to = i + 1 < matrices.size() ? matrices.get(i + 1).planes()[0] : size();
        out.asSlice(from, to - from).force();
        journal.done(i + 1);
        progress.at("Importing tensors", to, size());
      }
      out.force();
    }
  }

  private static void fill(Joined matrix, MemorySegment out) {
    if (matrix.planes().length == 1) {
      Plane.floats(matrix.parts().getFirst().matrix(), out, matrix.planes()[0], 0);
      return;
    }
    long first = 0;
    for (Part part : matrix.parts()) {
      Plane.fill(part.matrix(), out, matrix.planes(), first, part.head());
      if (part.bias() != null) {
        Plane.floats(part.bias(), out, matrix.bias() + 4 * first, part.head());
      }
      first += part.matrix().rows();
    }
  }

  private static void put(MemorySegment out, long at, byte[] bytes) {
    MemorySegment.copy(bytes, 0, out, JAVA_BYTE, at, bytes.length);
  }
}
