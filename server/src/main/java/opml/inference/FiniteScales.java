package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Whether f16 scales are finite: the importer writes no others, but weights may come from
 * elsewhere, and twins that widen scales by integer bits know finite ones only. Each plane is read
 * once.
 */
final class FiniteScales {
  private static final long EXPONENTS = 0x7c00_7c00_7c00_7c00L;
  private static final long ONES = 0x0001_0001_0001_0001L;

  private final MemorySegment weights;

  /**
   * Pairs of an offset plus 1 and up to where it is finite, found by the offset; a map of boxed
   * numbers would leave garbage at every product.
   */
  private volatile AtomicLongArray known = new AtomicLongArray(256);

  private int entries;

  FiniteScales(MemorySegment weights) {
    this.weights = weights;
  }

  /** Whether the {@code bytes} at an offset, all inside the content, are finite. */
  boolean finite(long at, long bytes) {
    // a plane is asked for from its start, so what is known is how far it is finite
    AtomicLongArray table = known;
    int i = slot(table, at);
    long until = table.get(i) == 0 ? 0 : table.get(i + 1);
    if (until < bytes) {
      until = scan(at, bytes) ? bytes : 0;
      put(at, until);
    }
    return until >= bytes;
  }

  /** Where an offset is, or would be. */
  private static int slot(AtomicLongArray table, long at) {
    int mask = table.length() - 2;
    int i = (int) ((at + 1) * 0x9e3779b97f4a7c15L >>> 32) & mask;
    while (table.get(i) != 0 && table.get(i) != at + 1) {
      i = i + 2 & mask;
    }
    return i;
  }

  private synchronized void put(long at, long until) {
    AtomicLongArray table = known;
    entries += table.get(slot(table, at)) == 0 ? 1 : 0;
    if (4 * entries > table.length()) {
      AtomicLongArray larger = new AtomicLongArray(2 * table.length());
      for (int i = 0; i < table.length(); i += 2) {
        if (table.get(i) != 0) {
          set(larger, table.get(i) - 1, table.get(i + 1));
        }
      }
      table = larger;
    }
    set(table, at, until);
    known = table;
  }

  /** The value first: who sees the offset sees it. */
  private static void set(AtomicLongArray table, long at, long until) {
    int i = slot(table, at);
    table.set(i + 1, until);
    table.set(i, at + 1);
  }

  private boolean scan(long at, long bytes) {
    long i = 0;
    for (; i + 8 <= bytes; i += 8) {
      // a lane is zero where all exponent bits are set
      long lanes = ~weights.get(JAVA_LONG_UNALIGNED, at + i) & EXPONENTS;
      if ((lanes - ONES & ~lanes & ONES << 15) != 0) {
        return false;
      }
    }
    for (; i < bytes; i += 2) {
      if ((weights.get(JAVA_SHORT_UNALIGNED, at + i) & 0x7c00) == 0x7c00) {
        return false;
      }
    }
    return true;
  }
}
