package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether f16 scales are finite: the importer writes no others, but weights may come from
 * elsewhere, and twins that widen scales by integer bits know finite ones only. Each plane is read
 * once.
 */
final class FiniteScales {
  private static final long EXPONENTS = 0x7c00_7c00_7c00_7c00L;
  private static final long ONES = 0x0001_0001_0001_0001L;

  private final MemorySegment weights;
  private final Map<Long, Long> known = new ConcurrentHashMap<>();

  FiniteScales(MemorySegment weights) {
    this.weights = weights;
  }

  /** Whether the {@code bytes} at an offset, all inside the content, are finite. */
  boolean finite(long at, long bytes) {
    // a plane is asked for from its start, so what is known is how far it is finite
    Long until = known.get(at);
    if (until == null || until < bytes) {
      until = scan(at, bytes) ? bytes : 0;
      known.put(at, until);
    }
    return until >= bytes;
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
