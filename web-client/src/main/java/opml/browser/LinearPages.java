package opml.browser;

import opml.commitment.Keccak;
import opml.commitment.Merkle;
import opml.machine.Pages;
import org.teavm.interop.Address;

/**
 * A region's content where JavaScript placed it in linear memory, zero beyond it. The tree is made
 * when a node below the root is asked for; a root that is known need not be computed again.
 */
final class LinearPages implements Pages {
  private final int at;
  private final int bytes;
  private final int size;
  private final byte[] root;
  private byte[][] levels;

  /**
   * Content of {@code bytes} bytes at {@code at} in a region of 2^size leaves.
   *
   * @param root the region's root, verified before; null: computed when asked for
   */
  LinearPages(int at, int bytes, int size, byte[] root) {
    this.at = at;
    this.bytes = bytes;
    this.size = size;
    this.root = root;
  }

  /** The same place with what lies there now. */
  LinearPages anew() {
    return new LinearPages(at, bytes, size, null);
  }

  int at() {
    return at;
  }

  /** Where a page lies; 0 when not all of it is content. */
  int direct(long page) {
    return (page + 1) * PAGE <= bytes ? at + (int) page * PAGE : 0;
  }

  @Override
  public void read(long page, int[] words) {
    long from = page * PAGE;
    int whole = (int) Math.max(0, Math.min(WORDS, (bytes - from) / 4));
    int base = at + (int) from;
    for (int i = 0; i < whole; i++) {
      words[i] = Address.fromInt(base + 4 * i).getInt();
    }
    for (int i = whole; i < WORDS; i++) {
      words[i] = 0;
      for (int k = 0; k < 4 && from + 4L * i + k < bytes; k++) {
        words[i] |= (Address.fromInt(base + 4 * i + k).getByte() & 255) << 8 * k;
      }
    }
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    if (height == size && root != null) {
      System.arraycopy(root, 0, out, off, Merkle.LEAF);
    } else if (index << height << 5 >= bytes) {
      Merkle.zero(height, out, off);
    } else if (height < HEIGHT) {
      long page = index >> HEIGHT - height;
      int within = (int) index & (1 << HEIGHT - height) - 1;
      inside(page, height, within, out, off);
    } else {
      System.arraycopy(levels()[height - HEIGHT], 32 * (int) index, out, off, Merkle.LEAF);
    }
  }

  private void inside(long page, int height, int within, byte[] out, int off) {
    int leaves = 1 << height;
    byte[] content = new byte[Merkle.LEAF * leaves];
    long from = page * PAGE + (long) within * content.length;
    for (int i = 0; i < content.length && from + i < bytes; i++) {
      content[i] = Address.fromInt(at + (int) from + i).getByte();
    }
    System.arraycopy(Merkle.root(content, height), 0, out, off, Merkle.LEAF);
  }

  private boolean zero(int page) {
    int from = at + page * PAGE;
    int end = at + (int) Math.min(bytes, (page + 1L) * PAGE);
    for (int i = from; i < end; i += 4) {
      if (Address.fromInt(i).getInt() != 0) {
        return false;
      }
    }
    return true;
  }

  /** Nodes of height 7 and above over the pages that hold content. */
  private byte[][] levels() {
    if (levels == null) {
      byte[][] made = new byte[Math.max(size - HEIGHT, 0) + 1][];
      int n = (bytes + PAGE - 1) / PAGE;
      made[0] = new byte[32 * n];
      for (int i = 0; i < n; i++) {
        if (zero(i)) { // most of a key/value cache
          Merkle.zero(HEIGHT, made[0], 32 * i);
        } else {
          inside(i, HEIGHT, 0, made[0], 32 * i);
        }
      }
      for (int l = 1; l < made.length; l++) {
        made[l] = parents(made[l - 1], Merkle.zero(l - 1 + HEIGHT), Merkle.zero(l + HEIGHT));
      }
      levels = made;
    }
    return levels;
  }

  private static byte[] parents(byte[] below, byte[] zero, byte[] zeroParent) {
    int n = below.length / 32;
    byte[] out = new byte[32 * ((n + 1) / 2)];
    for (int i = 0; i < n; i += 2) {
      boolean both = i + 1 < n;
      if (equal(below, 32 * i, zero) && (!both || equal(below, 32 * i + 32, zero))) {
        System.arraycopy(zeroParent, 0, out, 16 * i, Merkle.LEAF);
      } else {
        Keccak.pair(below, 32 * i, both ? below : zero, both ? 32 * i + 32 : 0, out, 16 * i);
      }
    }
    return out;
  }

  private static boolean equal(byte[] nodes, int off, byte[] node) {
    for (int i = 0; i < node.length; i++) {
      if (nodes[off + i] != node[i]) {
        return false;
      }
    }
    return true;
  }
}
