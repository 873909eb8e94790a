package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static opml.machine.Pages.HEIGHT;
import static opml.machine.Pages.PAGE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import opml.commitment.Merkle;

/** Makes the nodes of a {@link WeightsTree}: of pages as they become whole, then of all above. */
final class TreeBuilder implements AutoCloseable {
  private static final int BATCH = 256;
  private static final int TOGETHER = Merkle.TOGETHER / PAGE;

  /** Pages that one thread hashes before it takes others. */
  private static final int RUN = 8 * TOGETHER;

  private final WeightsTree tree;

  /** Begins the tree of a file that has its length already; nodes of an earlier import stay. */
  TreeBuilder(Path weights, Path nodes) throws IOException {
    tree = new WeightsTree(weights, nodes, true);
  }

  /** Pages of the content. */
  long pages() {
    return tree.count(0);
  }

  /** As many pages below a byte of the content as are hashed together. */
  static long whole(long end) {
    return end / PAGE / TOGETHER * TOGETHER;
  }

  /** Hashes pages [from, to) on all processors; {@code from} is a multiple of TOGETHER. */
  void hash(long from, long to) {
    LongStream.range(0, (to - from + RUN - 1) / RUN)
        .parallel()
        .forEach(i -> run(from + i * RUN, Math.min(from + (i + 1) * RUN, to)));
  }

  private void run(long from, long to) {
    MemorySegment content = tree.content();
    byte[] pages = new byte[Merkle.TOGETHER];
    for (long page = from; page < to; page += TOGETHER) {
      int n = (int) Math.min(TOGETHER, to - page);
      int held = (int) Math.min((long) PAGE * n, content.byteSize() - page * PAGE);
      MemorySegment.copy(content, JAVA_BYTE, page * PAGE, pages, 0, held);
      Arrays.fill(pages, held, PAGE * n, (byte) 0);
      Merkle.roots(pages, n, HEIGHT);
      put(0, page, pages, n);
    }
  }

  /** Hashes what lies above the pages. */
  void finish() {
    for (int level = 1; level <= tree.size() - HEIGHT; level++) {
      int l = level;
      long n = tree.count(l);
      LongStream.range(0, (n + BATCH - 1) / BATCH)
          .parallel()
          .forEach(i -> parents(l, i * BATCH, (int) Math.min(BATCH, n - i * BATCH)));
    }
  }

  /** Hashes nodes [from, from + n) of a level from the level below. */
  private void parents(int l, long from, int n) {
    byte[] pairs = new byte[2 * Merkle.LEAF * n];
    int held = (int) Math.min(2L * n, tree.count(l - 1) - 2 * from);
    MemorySegment.copy(
        tree.nodes(), JAVA_BYTE, tree.place(l - 1, 2 * from), pairs, 0, Merkle.LEAF * held);
    if (held < 2 * n) {
      Merkle.zero(l - 1 + HEIGHT, pairs, Merkle.LEAF * held);
    }
    Keccak.pairs(pairs, 0, n, pairs, 0);
    put(l, from, pairs, n);
  }

  private void put(int l, long index, byte[] hashes, int n) {
    MemorySegment.copy(hashes, 0, tree.nodes(), JAVA_BYTE, tree.place(l, index), Merkle.LEAF * n);
  }

  /** Brings the nodes made so far to the disk. */
  void force() {
    tree.nodes().force();
  }

  /** The tree; its nodes are right after {@link #finish}. */
  WeightsTree tree() {
    return tree;
  }

  @Override
  public void close() {
    tree.close();
  }
}
