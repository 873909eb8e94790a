package opml.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private record Joined(List<Part> parts, long[] planes, long bias) {
    /** In the file. */
    long bytes() {
      return parts.stream().mapToLong(p -> p.matrix().data().byteSize()).sum();
    }
  }

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

  /** Where a matrix begins; where the content ends, behind the last one. */
  private long start(int matrix) {
    return matrix < matrices.size() ? matrices.get(matrix).planes()[0] : size();
  }

  /** What was written: bytes of the content, log2 of its leaves, root. */
  record Written(long bytes, int size, byte[] root) {}

  /**
   * Writes the content and its nodes, or what a killed import left to be done. Matrices are taken
   * apart and their pages hashed on all processors, while what came before goes to the disk.
   *
   * @param nodes the file of the Merkle nodes
   * @param journal beside the files: how far an import came
   * @param source hears what has been taken
   */
  Written write(
      Path file,
      Path nodes,
      Journal journal,
      Layout layout,
      int[] stops,
      SourceDigest source,
      Progress progress)
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
    byte[] rotations = littleEndian(rope);
    Files.createDirectories(file.getParent());
    int done = journal.begin(header, entries, tokenizer, rotations);
    if (done > 0 && !holds(file, nodes, done)) {
      done = 0;
    }
    if (done == 0) {
      Files.deleteIfExists(nodes); // of another layout
    }
    try (ImageFile out = new ImageFile(file, done == 0 ? 0 : start(done), size());
        TreeBuilder tree = new TreeBuilder(file, nodes);
        Settling settling = new Settling(out, tree, journal, progress)) {
      out.put(header, 0);
      out.put(entries, header.length);
      out.put(tokenizer, tokenizerAt);
      out.put(rotations, ropeAt);
      long hashed = done == 0 ? 0 : TreeBuilder.whole(start(done));
      for (int i = 0; i < matrices.size(); i++) {
        if (i >= done) {
          fill(matrices.get(i), out);
          long end = start(i + 1);
          tree.hash(hashed, TreeBuilder.whole(end));
          hashed = TreeBuilder.whole(end);
          settling.written(i + 1, end);
        }
        source.taken(matrices.get(i).bytes());
      }
      tree.hash(hashed, tree.pages());
      tree.finish();
      settling.finish(matrices.size());
      return new Written(size(), tree.tree().size(), tree.tree().root());
    }
  }

  /** Whether so many matrices and the nodes of their pages may be there: a disk can lose both. */
  private boolean holds(Path file, Path nodes, int done) throws IOException {
    return done <= matrices.size()
        && Files.size(file) >= start(done)
        && Files.size(nodes) == Levels.of(size()).bytes();
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static void fill(Joined matrix, ImageFile out) throws IOException {
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
}
