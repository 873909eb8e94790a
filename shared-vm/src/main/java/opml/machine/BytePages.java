package opml.machine;

import opml.commitment.Keccak;
import opml.commitment.Merkle;

/** Content held in a byte array and zero beyond it; the tree is made when it is first asked for. */
public final class BytePages implements Pages {
  private final byte[] content;
  private final int size;
  private byte[][] levels;

  /**
   * Wraps the array without copying it.
   *
   * @param size log2 of the region's leaves
   */
  public BytePages(byte[] content, int size) {
    if (content.length > 32L << size) {
      throw new IllegalArgumentException(
          content.length + " bytes do not fit a region of 2^" + size + " leaves");
    }
    this.content = content;
    this.size = size;
  }

  /** log2 of the region's leaves. */
  public int size() {
    return size;
  }

  /** Root of the region. */
  public byte[] root() {
    byte[] out = new byte[Merkle.LEAF];
    node(size, 0, out, 0);
    return out;
  }

  @Override
  public void read(long page, int[] words) {
    long from = page * PAGE;
    for (int i = 0; i < WORDS; i++) {
      long at = from + 4L * i;
      words[i] = at + 4 <= content.length ? word((int) at) : tail(at);
    }
  }

  private int word(int i) {
    return content[i] & 255
        | (content[i + 1] & 255) << 8
        | (content[i + 2] & 255) << 16
        | content[i + 3] << 24;
  }

  private int tail(long at) {
    int w = 0;
    for (int k = 0; k < 4 && at + k < content.length; k++) {
      w |= (content[(int) at + k] & 255) << 8 * k;
    }
    return w;
  }

  @Override
  public void node(int height, long index, byte[] out, int off) {
    if (index << height << 5 >= content.length) {
      Merkle.zero(height, out, off);
    } else if (height < HEIGHT) {
      PageTree.node(page(index >> HEIGHT - height), height, (int) index & mask(height), out, off);
    } else {
      System.arraycopy(levels()[height - HEIGHT], 32 * (int) index, out, off, 32);
    }
  }

  private static int mask(int height) {
    return (1 << HEIGHT - height) - 1;
  }

  private byte[] page(long index) {
    byte[] out = new byte[PAGE];
    int from = (int) (index * PAGE);
    System.arraycopy(content, from, out, 0, Math.min(PAGE, content.length - from));
    return out;
  }

  /** Nodes of height 7 and above over the pages that hold content. */
  private byte[][] levels() {
    if (levels == null) {
      byte[][] made = new byte[Math.max(size - HEIGHT, 0) + 1][];
      int n = (content.length + PAGE - 1) / PAGE;
      made[0] = new byte[32 * n];
      for (int i = 0; i < n; i++) {
        PageTree.node(page(i), HEIGHT, 0, made[0], 32 * i);
      }
      for (int l = 1; l < made.length; l++) {
        made[l] = parents(made[l - 1], l - 1 + HEIGHT);
      }
      levels = made;
    }
    return levels;
  }

  private static byte[] parents(byte[] below, int height) {
    int n = below.length / 32;
    byte[] out = new byte[32 * ((n + 1) / 2)];
    Keccak.pairs(below, 0, n / 2, out, 0);
    if ((n & 1) == 1) {
      Keccak.pair(below, 32 * n - 32, Merkle.zero(height), 0, out, out.length - 32);
    }
    return out;
  }
}
