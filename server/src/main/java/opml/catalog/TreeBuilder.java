package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static opml.machine.Pages.HEIGHT;
import static opml.machine.Pages.PAGE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/** Makes the nodes of a {@link WeightsTree}: of pages as they become whole, then of all above. */
final class TreeBuilder implements AutoCloseable {
  static final int BATCH = 256;
  private static final int TOGETHER = Merkle.TOGETHER / PAGE;

  /** Pages that one thread hashes before it takes others. */
  static final int RUN = 8 * TOGETHER;

  private final Levels levels;
  private final ImageFile out;
  private final WeightsTree tree;

  /** Begins the tree of a file that has its length already; nodes of an earlier import stay. */
  TreeBuilder(Path weights, Path nodes) throws IOException {
    levels = Levels.of(Files.size(weights));
    out = new ImageFile(nodes, levels.bytes(), levels.bytes());
    try {
      tree = WeightsTree.open(weights, nodes);
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  /** Pages of the content. */
  long pages() {
    return levels.count()[0];
  }

  /** As many pages below a byte of the content as are hashed together. */
  static long whole(long end) {
    return end / PAGE / TOGETHER * TOGETHER;
  }

  /** Hashes pages [from, to) on all processors; {@code from} is a multiple of TOGETHER. */
  void hash(long from, long to) throws IOException {
    Parallel.run(
        (to - from + RUN - 1) / RUN,
        i -> run(from + i * RUN, (int) Math.min(RUN, to - from - i * RUN)));
  }

  private void run(long from, int pages) throws IOException {
    out.put(roots(tree.content(), from, pages), levels.place(0, from));
  }

  /** Roots of pages [from, from + pages). */
  static byte[] roots(MemorySegment content, long from, int pages) {
    byte[] some = new byte[Merkle.TOGETHER];
    byte[] roots = new byte[Merkle.LEAF * pages];
    for (int done = 0; done < pages; done += TOGETHER) {
      int n = Math.min(TOGETHER, pages - done);
      long at = PAGE * (from + done);
      int held = (int) Math.min((long) PAGE * n, content.byteSize() - at);
      MemorySegment.copy(content, JAVA_BYTE, at, some, 0, held);
      Arrays.fill(some, held, PAGE * n, (byte) 0);
      Merkle.roots(some, n, HEIGHT);
      System.arraycopy(some, 0, roots, Merkle.LEAF * done, Merkle.LEAF * n);
    }
    return roots;
  }

  /** Hashes what lies above the pages. */
  void finish() throws IOException {
    for (int level = 1; level < levels.count().length; level++) {
      int l = level;
      long n = levels.count()[l];
      Parallel.run(
          (n + BATCH - 1) / BATCH,
          i -> parents(l, i * BATCH, (int) Math.min(BATCH, n - i * BATCH)));
    }
  }

  private void parents(int l, long from, int n) throws IOException {
    out.put(parents(tree.nodes(), levels, l, from, n), Merkle.LEAF * n, levels.place(l, from));
  }

  /** Nodes [from, from + n) of a level, made of the level below; more bytes follow. */
  static byte[] parents(MemorySegment nodes, Levels levels, int l, long from, int n) {
    byte[] pairs = new byte[2 * Merkle.LEAF * n];
    int held = (int) Math.min(2L * n, levels.count()[l - 1] - 2 * from);
    MemorySegment.copy(
        nodes, JAVA_BYTE, levels.place(l - 1, 2 * from), pairs, 0, Merkle.LEAF * held);
    if (held < 2 * n) {
      Merkle.zero(l - 1 + HEIGHT, pairs, Merkle.LEAF * held);
    }
    Keccak.pairs(pairs, 0, n, pairs, 0);
    return pairs;
  }

  /** Brings the nodes made so far to the disk. */
  void force() throws IOException {
    out.force();
  }

  /** The tree; its nodes are right after {@link #finish}. */
  WeightsTree tree() {
    return tree;
  }

  @Override
  public void close() throws IOException {
    tree.close();
    out.close();
  }
}
