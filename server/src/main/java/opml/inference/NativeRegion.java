package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.LongStream;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.machine.Pages;

/**
 * A writable region outside the heap: which blocks of 512 bytes were stored to, and its Merkle
 * tree, brought up to date only when it is asked for (hashing costs nothing while nobody doubts). A
 * token stores a few bytes in thousands of pages, so a page keeps the nodes of its blocks.
 */
final class NativeRegion implements Pages {
  private static final int PAGE_SHIFT = 12;
  private static final int SHIFT = 9;
  private static final int BLOCK = 1 << SHIFT;
  private static final int BLOCK_HEIGHT = 4;
  private static final int BLOCKS = PAGE / BLOCK; // of a page
  private static final int PAGE_NODES = 32 * BLOCKS; // bytes

  private final MemorySegment content;
  private final int size;
  private final long[] dirty; // neither hashed nor told
  private final long[] touched; // hashed, but not told
  private final long[] told; // told, but not hashed
  private byte[][] blocks; // by page: the nodes of its blocks; null where all is zero
  private byte[][] levels; // nodes of pages and all above
  private final byte[] page = new byte[PAGE];
  private final Team team;
  private byte[][] scratch; // by member of the team

  /**
   * Wraps zeroed memory.
   *
   * @param size log2 of the region's leaves, at least 7
   * @param team threads that hash
   */
  NativeRegion(MemorySegment content, int size, Team team) {
    this.content = content;
    this.size = size;
    this.team = team;
    long blocks = 1L << Math.max(0, size - BLOCK_HEIGHT);
    dirty = new long[(int) (blocks + 63 >> 6)];
    touched = new long[dirty.length];
    told = new long[dirty.length];
  }

  /** Pages stored to since the last call, ascending. */
  long[] touched() {
    LongStream.Builder pages = LongStream.builder();
    for (int i = 0; i < dirty.length; i++) {
      touched[i] |= dirty[i];
      told[i] |= dirty[i];
      dirty[i] = 0;
    }
    for (int b = next(touched, 0); b >= 0; b = next(touched, (b | BLOCKS - 1) + 1)) {
      pages.add(b / BLOCKS);
    }
    Arrays.fill(touched, 0);
    return pages.build().toArray();
  }

  /** Records stores to {@code offset .. offset + bytes}. */
  void mark(long offset, long bytes) {
    for (long b = offset >>> SHIFT; b <= offset + bytes - 1 >>> SHIFT; b++) {
      dirty[(int) (b >>> 6)] |= 1L << b;
    }
  }

  /** Records a store inside one block. */
  void mark(long offset) {
    dirty[(int) (offset >>> SHIFT + 6)] |= 1L << (offset >>> SHIFT);
  }

  byte[] root() {
    byte[] out = new byte[Merkle.LEAF];
    node(size, 0, out, 0);
    return out;
  }

  @Override
  public void read(long page, int[] words) {
    MemorySegment.copy(content, ValueLayout.JAVA_INT, page << PAGE_SHIFT, words, 0, WORDS);
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    if (height >= HEIGHT) {
      flush();
      System.arraycopy(levels[height - HEIGHT], 32 * (int) index, out, off, 32);
      return;
    }
    load(index << height >> HEIGHT);
    int leaf = (int) (index << height) & 127;
    byte[] part = Arrays.copyOfRange(page, 32 * leaf, 32 * (leaf + (1 << height)));
    System.arraycopy(Merkle.root(part, height), 0, out, off, 32);
  }

  private void load(long index) {
    MemorySegment.copy(content, ValueLayout.JAVA_BYTE, index << PAGE_SHIFT, page, 0, PAGE);
  }

  /** Recomputes the nodes above blocks stored to since the last call. */
  private void flush() {
    if (levels == null) {
      blocks = new byte[1 << size - HEIGHT][];
      scratch = new byte[team.size()][Merkle.TOGETHER];
      levels = new byte[size - HEIGHT + 1][];
      for (int l = 0; l < levels.length; l++) {
        levels[l] = new byte[32 << levels.length - 1 - l];
        byte[] zero = Merkle.zero(HEIGHT + l);
        for (int i = 0; i < levels[l].length; i += 32) {
          System.arraycopy(zero, 0, levels[l], i, 32);
        }
      }
    }
    long[] changed = new long[dirty.length];
    for (int i = 0; i < dirty.length; i++) {
      changed[i] = dirty[i] | told[i];
      touched[i] |= dirty[i];
      dirty[i] = 0;
      told[i] = 0;
    }
    rehash(hashBlocks(changed));
  }

  private interface Part {
    void hash(int from, int to, byte[] scratch);
  }

  /** Shares work by parts of as many items as scratch memory holds. */
  private void each(int items, int bytes, Part work) {
    int part = Merkle.TOGETHER / bytes;
    if (items == 0) {
      return;
    }
    team.run(
        (i, member) -> work.hash(i * part, Math.min(items, (i + 1) * part), scratch[member]),
        (items + part - 1) / part);
  }

  /** Makes the nodes of changed blocks anew, many side by side; returns their pages. */
  private long[] hashBlocks(long[] changed) {
    int[] which = list(changed);
    long[] pages = new long[(changed.length + BLOCKS - 1) / BLOCKS];
    for (int b : which) {
      int page = b / BLOCKS;
      pages[page >>> 6] |= 1L << page;
      nodes(page); // here, where no other thread does
    }
    each(which.length, BLOCK, (from, to, some) -> hashBlocks(which, from, to, some));
    return pages;
  }

  private void hashBlocks(int[] which, int from, int to, byte[] some) {
    for (int i = from; i < to; i++) {
      long at = (long) which[i] << SHIFT;
      MemorySegment.copy(content, ValueLayout.JAVA_BYTE, at, some, (i - from) * BLOCK, BLOCK);
    }
    Merkle.roots(some, to - from, BLOCK_HEIGHT);
    for (int i = from; i < to; i++) {
      byte[] nodes = nodes(which[i] / BLOCKS);
      System.arraycopy(some, 32 * (i - from), nodes, 32 * (which[i] % BLOCKS), 32);
    }
  }

  private static int[] list(long[] bits) {
    int[] all = new int[Arrays.stream(bits).mapToInt(Long::bitCount).sum()];
    int b = -1;
    for (int i = 0; i < all.length; i++) {
      b = next(bits, b + 1);
      all[i] = b;
    }
    return all;
  }

  /** The nodes of a page's blocks. */
  private byte[] nodes(int page) {
    if (blocks[page] == null) {
      blocks[page] = new byte[PAGE_NODES];
      for (int i = 0; i < BLOCKS; i++) {
        Merkle.zero(BLOCK_HEIGHT, blocks[page], 32 * i);
      }
    }
    return blocks[page];
  }

  private void hashPages(int[] which, int from, int to, byte[] some) {
    for (int i = from; i < to; i++) {
      System.arraycopy(nodes(which[i]), 0, some, (i - from) * PAGE_NODES, PAGE_NODES);
    }
    Merkle.roots(some, to - from, HEIGHT - BLOCK_HEIGHT);
    for (int i = from; i < to; i++) {
      System.arraycopy(some, 32 * (i - from), levels[0], 32 * which[i], 32);
    }
  }

  /** Makes the nodes of changed pages and all above them anew, many side by side. */
  private void rehash(long[] pages) {
    int[] all = list(pages);
    each(all.length, PAGE_NODES, (from, to, some) -> hashPages(all, from, to, some));
    byte[] some = scratch[0];
    int[] which = new int[Merkle.TOGETHER / 64];
    long[] changed = pages;
    for (int l = 1; l < levels.length; l++) {
      long[] above = new long[(changed.length + 1) / 2];
      for (int p = next(changed, 0); p >= 0; ) {
        int n = 0;
        for (; p >= 0 && n < which.length; p = next(changed, (p | 1) + 1)) {
          int parent = p >> 1;
          System.arraycopy(levels[l - 1], 64 * parent, some, 64 * n, 64);
          above[parent >>> 6] |= 1L << parent;
          which[n++] = parent;
        }
        Keccak.pairs(some, 0, n, some, 0);
        put(l, which, n, some);
      }
      changed = above;
    }
  }

  private void put(int level, int[] which, int n, byte[] hashes) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(hashes, 32 * i, levels[level], 32 * which[i], 32);
    }
  }

  private static int next(long[] bits, int from) {
    int word = from >>> 6;
    if (word >= bits.length) {
      return -1;
    }
    long w = bits[word] & -1L << from;
    while (w == 0) {
      if (++word == bits.length) {
        return -1;
      }
      w = bits[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(w);
  }
}
