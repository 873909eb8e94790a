package opml.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.commitment.Nodes;

/**
 * One region as a machine sees it: original pages, loaded when first touched, and the pages written
 * since. Nodes are hashed only when asked for, and only over pages that changed since the last
 * time.
 */
final class PagedRegion implements Nodes {
  private static final int CACHE = 8192; // unwritten pages kept in memory: 32 MiB
  private static final byte WRITTEN = 1;
  private static final byte STALE = 2;

  private final Pages original;
  private final int size;
  private final int[][][] pages;
  private final byte[][] marks;
  private final Map<Long, byte[]> nodes = new HashMap<>();
  private long[] stale = new long[16];
  private int staleCount;
  private int cached;

  PagedRegion(Pages original, int size) {
    this.original = original;
    this.size = size;
    int groups = (int) ((1L << Math.max(size - Pages.HEIGHT, 0)) + 1023 >>> 10);
    pages = new int[groups][][];
    marks = new byte[groups][];
  }

  /** The region with everything written forgotten. */
  PagedRegion fresh() {
    return new PagedRegion(original, size);
  }

  /** An independent copy; original pages are shared. */
  PagedRegion copy() {
    PagedRegion c = new PagedRegion(original, size);
    for (int g = 0; g < marks.length; g++) {
      if (marks[g] == null) {
        continue;
      }
      c.marks[g] = Arrays.copyOf(marks[g], 1024);
      c.pages[g] = new int[1024][];
      for (int i = 0; i < 1024; i++) {
        if (marks[g][i] != 0) {
          c.pages[g][i] = Arrays.copyOf(pages[g][i], Pages.WORDS);
        }
      }
    }
    c.nodes.putAll(nodes);
    c.stale = Arrays.copyOf(stale, stale.length);
    c.staleCount = staleCount;
    return c;
  }

  int size() {
    return size;
  }

  /** Content before anything was written. */
  Pages original() {
    return original;
  }

  /** Whether a byte offset lies in the region. */
  boolean contains(long offset) {
    return offset >>> 5 >>> size == 0;
  }

  /** Whether the region has pages of full length. */
  boolean paged() {
    return size >= Pages.HEIGHT;
  }

  boolean written(long page) {
    byte[] m = marks[(int) (page >>> 10)];
    return m != null && m[(int) page & 1023] != 0;
  }

  /** Adds the numbers of the pages written so far, ascending, each times a page's bytes. */
  void written(long base, LongStream.Builder pages) {
    for (int g = 0; g < marks.length; g++) {
      for (int i = 0; marks[g] != null && i < 1024; i++) {
        if (marks[g][i] != 0) {
          pages.add(base + ((long) g << 10 | i) * Pages.PAGE);
        }
      }
    }
  }

  /** Words of a page, to read. They may be dropped from the cache at the next call. */
  int[] read(long page) {
    int g = (int) (page >>> 10);
    int i = (int) page & 1023;
    if (pages[g] != null && pages[g][i] != null) {
      return pages[g][i];
    }
    if (cached >= CACHE) {
      dropUnwritten();
    }
    if (pages[g] == null) {
      pages[g] = new int[1024][];
    }
    int[] words = new int[Pages.WORDS];
    original.read(page, words);
    pages[g][i] = words;
    cached++;
    return words;
  }

  /** Words of a page, to write until the next call of {@link #node}. */
  int[] write(long page) {
    int[] words = read(page);
    int g = (int) (page >>> 10);
    int i = (int) page & 1023;
    if (marks[g] == null) {
      marks[g] = new byte[1024];
    }
    if (marks[g][i] == 0) {
      cached--;
    }
    if ((marks[g][i] & STALE) == 0) {
      marks[g][i] = WRITTEN | STALE;
      if (staleCount == stale.length) {
        stale = Arrays.copyOf(stale, 2 * staleCount);
      }
      stale[staleCount++] = page;
    }
    return words;
  }

  private void dropUnwritten() {
    for (int g = 0; g < pages.length; g++) {
      for (int i = 0; pages[g] != null && i < 1024; i++) {
        if (marks[g] == null || marks[g][i] == 0) {
          pages[g][i] = null;
        }
      }
    }
    cached = 0;
  }

  byte[] root() {
    byte[] out = new byte[Merkle.LEAF];
    node(size, 0, out, 0);
    return out;
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    if (height < Pages.HEIGHT) {
      long page = index >>> Pages.HEIGHT - height;
      if (written(page)) {
        int within = (int) index & (1 << Pages.HEIGHT - height) - 1;
        PageTree.node(PageTree.bytes(read(page)), height, within, out, off);
      } else {
        original.node(height, index, out, off);
      }
      return;
    }
    update();
    byte[] made = nodes.get(key(height, index));
    if (made == null) {
      original.node(height, index, out, off);
    } else {
      System.arraycopy(made, 0, out, off, Merkle.LEAF);
    }
  }

  private static long key(int height, long index) {
    return (long) height << 48 | index;
  }

  private void update() {
    if (staleCount == 0 || !paged()) {
      return;
    }
    long[] level = Arrays.copyOf(stale, staleCount);
    staleCount = 0;
    for (long page : level) {
      marks[(int) (page >>> 10)][(int) page & 1023] = WRITTEN;
      byte[] out = new byte[Merkle.LEAF];
      PageTree.node(PageTree.bytes(read(page)), Pages.HEIGHT, 0, out, 0);
      nodes.put(key(Pages.HEIGHT, page), out);
    }
    for (int h = Pages.HEIGHT + 1; h <= size; h++) {
      level = parents(level);
      byte[] both = new byte[2 * Merkle.LEAF];
      for (long i : level) {
        node(h - 1, 2 * i, both, 0);
        node(h - 1, 2 * i + 1, both, Merkle.LEAF);
        nodes.put(key(h, i), Keccak.hash(both));
      }
    }
  }

  /** Sorted distinct halves. */
  private static long[] parents(long[] indices) {
    long[] out = new long[indices.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = indices[i] >> 1;
    }
    Arrays.sort(out);
    int n = 0;
    for (int i = 0; i < out.length; i++) {
      if (i == 0 || out[i] != out[i - 1]) {
        out[n++] = out[i];
      }
    }
    return Arrays.copyOf(out, n);
  }
}
