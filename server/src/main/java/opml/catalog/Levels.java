package opml.catalog;

import static opml.machine.Pages.HEIGHT;
import static opml.machine.Pages.PAGE;

/**
 * Where the Merkle nodes of a content lie in their file: level after level, from page height
 * upwards.
 *
 * @param size log2 of the leaves
 * @param first node of each level
 * @param count nodes of each level
 */
record Levels(int size, long[] first, long[] count) {
  /** The levels above so many bytes. */
  static Levels of(long bytes) {
    int size = size(bytes);
    int levels = size - HEIGHT + 1;
    long[] first = new long[levels];
    long[] count = new long[levels];
    long n = (bytes + PAGE - 1) / PAGE;
    long total = 0;
    for (int l = 0; l < levels; l++, n = (n + 1) / 2) {
      first[l] = total;
      count[l] = n;
      total += n;
    }
    return new Levels(size, first, count);
  }

  /** log2 of the leaves that hold so many bytes, at least a page of them. */
  private static int size(long bytes) {
    return Math.max(HEIGHT, 64 - Long.numberOfLeadingZeros(Math.max(1, (bytes + 31) / 32) - 1));
  }

  /** Where a node lies. */
  long place(int level, long index) {
    return 32 * (first[level] + index);
  }

  /** Length of the file. */
  long bytes() {
    int top = count.length - 1;
    return place(top, count[top]);
  }
}
