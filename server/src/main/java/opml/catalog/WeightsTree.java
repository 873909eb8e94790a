package opml.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.machine.Pages;

/**
 * A file's content as the pages of a region, with the Merkle nodes from page height upwards in a
 * second file (1/64 of the first). Nodes below a page are computed from the page. Both files are
 * mapped.
 */
public final class WeightsTree implements Pages, AutoCloseable {
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int BATCH = 256;

  /** Pages hashed side by side, so that the upper levels of a page fill the lanes as well. */
  private static final int TOGETHER = 16;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment content;
  private final MemorySegment nodes;
  private final long[] level; // first node of each level, from page height upwards
  private final long[] count;
  private final int size;

  private WeightsTree(Path weights, Path tree, boolean create) throws IOException {
    content = map(weights, FileChannel.MapMode.READ_ONLY, -1);
    size = sizeOf(content.byteSize());
    int levels = Math.max(size - HEIGHT, 0) + 1;
    level = new long[levels];
    count = new long[levels];
    long n = (content.byteSize() + PAGE - 1) / PAGE;
    long total = 0;
    for (int l = 0; l < levels; l++, n = (n + 1) / 2) {
      level[l] = total;
      count[l] = n;
      total += n;
    }
    nodes =
        map(
            tree,
            create ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY,
            32 * total);
  }

  private MemorySegment map(Path path, FileChannel.MapMode mode, long bytes) throws IOException {
    StandardOpenOption[] options =
        mode.equals(FileChannel.MapMode.READ_ONLY)
            ? new StandardOpenOption[] {StandardOpenOption.READ}
            : new StandardOpenOption[] {
              StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE
            };
    try (FileChannel channel = FileChannel.open(path, options)) {
      if (mode.equals(FileChannel.MapMode.READ_ONLY) && bytes >= 0 && channel.size() != bytes) {
        throw new IOException(
            path
                + " has "
                + channel.size()
                + " bytes, expected "
                + bytes
                + ": import the model again");
      }
      return channel.map(mode, 0, bytes < 0 ? channel.size() : bytes, arena);
    }
  }

  /** log2 of the leaves that hold so many bytes. */
  static int sizeOf(long bytes) {
    return Math.max(HEIGHT, 64 - Long.numberOfLeadingZeros(Math.max(1, (bytes + 31) / 32) - 1));
  }

  static WeightsTree open(Path weights, Path tree) throws IOException {
    return new WeightsTree(weights, tree, false);
  }

  /** Hashes the content into a new tree file. */
  public static WeightsTree create(Path weights, Path tree, Progress progress) throws IOException {
    WeightsTree t = new WeightsTree(weights, tree, true);
    AtomicLong done = new AtomicLong();
    LongStream.range(0, (t.count[0] + TOGETHER - 1) / TOGETHER)
        .parallel()
        .forEach(
            i -> {
              long page = i * TOGETHER;
              int n = (int) Math.min(TOGETHER, t.count[0] - page);
              t.pages(page, n);
              long hashed = done.addAndGet(n);
              if ((hashed & 1023) == 0) {
                progress.at("Hashing weights", hashed, t.count[0]);
              }
            });
    byte[] pairs = new byte[64 * BATCH];
    for (int l = 1; l < t.level.length; l++) {
      for (long i = 0; i < t.count[l]; i += BATCH) {
        t.parents(l, i, (int) Math.min(BATCH, t.count[l] - i), pairs);
      }
    }
    t.nodes.force();
    return t;
  }

  /** Hashes pages [page, page + n) to their nodes. */
  private void pages(long page, int n) {
    byte[] level = new byte[PAGE * n];
    long held = Math.min(level.length, content.byteSize() - page * PAGE);
    MemorySegment.copy(content, ValueLayout.JAVA_BYTE, page * PAGE, level, 0, (int) held);
    for (int pairs = n << HEIGHT - 1; pairs >= n; pairs /= 2) {
      Keccak.pairs(level, 0, pairs, level, 0);
    }
    put(0, page, level, n);
  }

  /** Hashes nodes [from, from + n) of a level from the level below. */
  private void parents(int l, long from, int n, byte[] pairs) {
    int held = (int) Math.min(2L * n, count[l - 1] - 2 * from);
    long below = 32 * (level[l - 1] + 2 * from);
    MemorySegment.copy(nodes, ValueLayout.JAVA_BYTE, below, pairs, 0, 32 * held);
    if (held < 2 * n) {
      Merkle.zero(l - 1 + HEIGHT, pairs, 32 * held);
    }
    Keccak.pairs(pairs, 0, n, pairs, 0);
    put(l, from, pairs, n);
  }

  private void put(int l, long index, byte[] hashes, int n) {
    MemorySegment.copy(hashes, 0, nodes, ValueLayout.JAVA_BYTE, 32 * (level[l] + index), 32 * n);
  }

  int size() {
    return size;
  }

  MemorySegment content() {
    return content;
  }

  byte[] root() {
    byte[] out = new byte[32];
    node(size, 0, out, 0);
    return out;
  }

  @Override
  public void read(long page, int[] words) {
    long from = page * PAGE;
    long held = Math.max(0, Math.min(PAGE, content.byteSize() - from));
    for (int i = 0; i < WORDS; i++) {
      words[i] =
          4L * i < held ? content.get(WORD, from + 4L * i) : 0; // content is a multiple of 64 bytes
    }
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    int l = height - HEIGHT;
    if (index << height << 5 >= content.byteSize()) {
      Merkle.zero(height, out, off);
    } else if (l >= 0) {
      MemorySegment.copy(nodes, ValueLayout.JAVA_BYTE, 32 * (level[l] + index), out, off, 32);
    } else {
      long page = index >> -l;
      inside(page, height, (int) (index - (page << -l)), out, off);
    }
  }

  /** Node of height 0 to 7 at an index inside a page. */
  private void inside(long page, int height, int index, byte[] out, int off) {
    byte[] bytes = new byte[32 << height];
    long from = page * PAGE + (long) index * bytes.length;
    long held = Math.max(0, Math.min(bytes.length, content.byteSize() - from));
    MemorySegment.copy(content, ValueLayout.JAVA_BYTE, from, bytes, 0, (int) held);
    System.arraycopy(height == 0 ? bytes : Merkle.root(bytes, height), 0, out, off, 32);
  }

  @Override
  public void close() {
    try {
      arena.close();
    } catch (IllegalStateException e) {
      throw new UncheckedIOException(new IOException("weights are still in use", e));
    }
  }
}
