package opml.catalog;

import static opml.machine.Pages.PAGE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import opml.commitment.Merkle;

/** Makes the nodes of a {@link WeightsTree} again and compares them with those that are there. */
record TreeCheck(MemorySegment content, MemorySegment nodes, Levels levels) {
  /** Runs of pages between two reports of progress. */
  private static final long STEP = 1 << 14;

  /** What differs, or null: the root is compared by others. */
  String wrong(Progress progress) throws IOException {
    long pages = levels.count()[0];
    AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    for (long from = 0; from < pages; from += STEP) {
      long begin = from;
      long end = Math.min(from + STEP, pages);
      int run = TreeBuilder.RUN;
      Parallel.run((end - begin + run - 1) / run, i -> pages(begin + i * run, end, first));
      progress.at("Checking weights", end, pages);
    }
    if (first.get() != Long.MAX_VALUE) {
      return "weights from byte " + first.get() * PAGE + " on are not those that were imported";
    }
    for (int level = 1; level < levels.count().length; level++) {
      int l = level;
      long n = levels.count()[l];
      Parallel.run(
          (n + TreeBuilder.BATCH - 1) / TreeBuilder.BATCH,
          i -> parents(l, i * TreeBuilder.BATCH, n, first));
    }
    return first.get() == Long.MAX_VALUE ? null : "a node is not the hash of those below";
  }

  private void pages(long from, long end, AtomicLong first) {
    int n = (int) Math.min(TreeBuilder.RUN, end - from);
    compare(TreeBuilder.roots(content, from, n), n, 0, from, first);
  }

  private void parents(int level, long from, long end, AtomicLong first) {
    int n = (int) Math.min(TreeBuilder.BATCH, end - from);
    compare(TreeBuilder.parents(nodes, levels, level, from, n), n, level, from, first);
  }

  private void compare(byte[] made, int n, int level, long from, AtomicLong first) {
    MemorySegment right = MemorySegment.ofArray(made).asSlice(0, (long) Merkle.LEAF * n);
    MemorySegment there = nodes.asSlice(levels.place(level, from), right.byteSize());
    long differs = right.mismatch(there);
    if (differs >= 0) {
      first.accumulateAndGet(from + differs / Merkle.LEAF, Math::min);
    }
  }
}
