package opml.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import opml.commitment.Merkle;
import opml.machine.Pages;

/**
 * A file's content as the pages of a region, with the Merkle nodes from page height upwards in a
 * second file (1/64 of the first). Nodes below a page are computed from the page. Both files are
 * mapped.
 */
public final class WeightsTree implements Pages, AutoCloseable {
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED;

  /** Pages between two reports of progress. */
  private static final int STEP = 1 << 14;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment content;
  private final MemorySegment nodes;
  private final Levels levels;

  private WeightsTree(Path weights, Path tree) throws IOException {
    try {
      content = map(weights);
      levels = Levels.of(content.byteSize());
      nodes = map(tree);
      if (nodes.byteSize() != levels.bytes()) {
        throw new IOException(
            tree + " has " + nodes.byteSize() + " bytes, expected " + levels.bytes());
      }
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private MemorySegment map(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Maps both files; the second has its length already, and perhaps not its nodes. */
  static WeightsTree open(Path weights, Path tree) throws IOException {
    return new WeightsTree(weights, tree);
  }

  /** Hashes the content into a new tree file. */
  public static WeightsTree create(Path weights, Path tree, Progress progress) throws IOException {
    try (TreeBuilder builder = new TreeBuilder(weights, tree)) {
      long pages = builder.pages();
      for (long page = 0; page < pages; page += STEP) {
        long to = Math.min(page + STEP, pages);
        builder.hash(page, to);
        progress.at("Hashing weights", to, pages);
      }
      builder.finish();
      builder.force();
    }
    return open(weights, tree);
  }

  /** What is not as the root says, or null. */
  String wrong(Progress progress) throws IOException {
    return new TreeCheck(content, nodes, levels).wrong(progress);
  }

  MemorySegment nodes() {
    return nodes;
  }

  int size() {
    return levels.size();
  }

  MemorySegment content() {
    return content;
  }

  byte[] root() {
    byte[] out = new byte[32];
    node(size(), 0, out, 0);
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
      MemorySegment.copy(nodes, ValueLayout.JAVA_BYTE, levels.place(l, index), out, off, 32);
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
