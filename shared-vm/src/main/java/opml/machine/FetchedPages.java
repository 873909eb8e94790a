package opml.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.commitment.Ranges;

/**
 * A region of which only the root is known: pages are fetched when they are first read, and every
 * range has to prove that it belongs to that root. Not safe for use by several threads at once.
 */
public final class FetchedPages implements Pages {
  private static final int LEAVES = 1 << HEIGHT;
  private static final int MOST_AHEAD = 64;

  /** Whoever has the region. */
  public interface Source {
    /** Neighbouring pages and behind them the proof of their range, {@link Ranges#prove}. */
    byte[] pages(long first, int count);
  }

  private final String name;
  private final byte[] root;
  private final int size;
  private final Source source;
  private final Map<Long, byte[]> content = new HashMap<>();
  private final Map<Long, byte[]> nodes = new HashMap<>(); // from page height upwards
  private long next = -1; // page after the last range
  private int ahead = 1;
  private long bytes;
  private int requests;

  /**
   * Nothing of it is here yet.
   *
   * @param name of the region, for errors
   * @param size log2 of its leaves, at least those of a page
   */
  public FetchedPages(String name, byte[] root, int size, Source source) {
    if (size < HEIGHT) {
      throw new IllegalArgumentException(name + " has less than a page: 2^" + size + " leaves");
    }
    this.name = name;
    this.root = root.clone();
    this.size = size;
    this.source = source;
    nodes.put(key(size, 0), this.root);
  }

  /** Bytes fetched so far, proofs included. */
  public long bytes() {
    return bytes;
  }

  /** Ranges fetched so far. */
  public int requests() {
    return requests;
  }

  @Override
  public void read(long page, int[] words) {
    byte[] from = page(page);
    for (int i = 0; i < WORDS; i++) {
      words[i] =
          from[4 * i] & 255
              | (from[4 * i + 1] & 255) << 8
              | (from[4 * i + 2] & 255) << 16
              | from[4 * i + 3] << 24;
    }
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    if (height < HEIGHT) {
      byte[] page = page(index >>> HEIGHT - height);
      int bytes = Merkle.LEAF << height;
      int from = ((int) index & (1 << HEIGHT - height) - 1) * bytes;
      byte[] part = Arrays.copyOfRange(page, from, from + bytes);
      System.arraycopy(Merkle.root(part, height), 0, out, off, Merkle.LEAF);
      return;
    }
    if (!nodes.containsKey(key(height, index))) {
      page(index << height - HEIGHT);
    }
    System.arraycopy(nodes.get(key(height, index)), 0, out, off, Merkle.LEAF);
  }

  /** Reading on in order makes the ranges longer, reading elsewhere short again. */
  private byte[] page(long page) {
    byte[] known = content.get(page);
    if (known == null) {
      ahead = page == next ? Math.min(2 * ahead, MOST_AHEAD) : 1;
      int count = 1;
      while (count < ahead
          && page + count < 1L << size - HEIGHT
          && !content.containsKey(page + count)) {
        count++;
      }
      fetch(page, count);
      next = page + count;
      known = content.get(page);
    }
    return known;
  }

  private void fetch(long first, int count) {
    byte[] body = source.pages(first, count);
    bytes += body.length;
    requests++;
    int length = count * PAGE;
    long leaf = first * LEAVES;
    boolean fits = body.length == length + Ranges.length(leaf, (long) count * LEAVES, size);
    byte[] pages = fits ? Arrays.copyOf(body, length) : null;
    byte[] proof = fits ? Arrays.copyOfRange(body, length, body.length) : null;
    if (!fits || !Arrays.equals(root, Ranges.root(pages, leaf, size, proof))) {
      throw new IllegalStateException(
          "pages "
              + first
              + " to "
              + (first + count - 1)
              + " of "
              + name
              + " are not those of its root: what was sent is false");
    }
    for (int i = 0; i < count; i++) {
      byte[] page = Arrays.copyOfRange(pages, i * PAGE, (i + 1) * PAGE);
      content.put(first + i, page);
      nodes.put(key(HEIGHT, first + i), Merkle.root(page, HEIGHT));
    }
    keep(first, first + count - 1, proof);
  }

  /** Remembers the siblings and the nodes on the way to the root. */
  private void keep(long first, long last, byte[] proof) {
    long lo = first;
    long hi = last;
    int at = 0;
    for (int h = HEIGHT; h < size; h++, lo >>= 1, hi >>= 1) {
      if ((lo & 1) == 1) {
        nodes.put(key(h, lo - 1), Arrays.copyOfRange(proof, at, at + Merkle.LEAF));
        at += Merkle.LEAF;
      }
      if ((hi & 1) == 0) {
        nodes.put(key(h, hi + 1), Arrays.copyOfRange(proof, at, at + Merkle.LEAF));
        at += Merkle.LEAF;
      }
      for (long parent = lo >> 1; parent <= hi >> 1; parent++) {
        byte[] made = new byte[Merkle.LEAF];
        byte[] left = nodes.get(key(h, 2 * parent));
        Keccak.pair(left, 0, nodes.get(key(h, 2 * parent + 1)), 0, made, 0);
        nodes.put(key(h + 1, parent), made);
      }
    }
  }

  private static long key(int height, long index) {
    return (long) height << 48 | index;
  }
}
