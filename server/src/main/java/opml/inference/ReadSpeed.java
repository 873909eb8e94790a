package opml.inference;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** How fast threads can merely read memory: the limit of any decoder. */
public final class ReadSpeed {
  private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;
  private static final int PASSES = 3;
  private static final long NANOS = 300_000_000;
  private static final long CHUNK = 1 << 20;

  private ReadSpeed() {}

  /** Bytes a second in the best of three passes, or of more in a third of a second. */
  public static double measure(MemorySegment memory, int threads) {
    try (Team team = new Team(threads)) {
      long[] sums = new long[threads * 16];
      int chunks = (int) Math.max(1, memory.byteSize() / CHUNK);
      double best = 0;
      long end = System.nanoTime() + NANOS;
      for (int i = 0; i < PASSES || System.nanoTime() < end; i++) {
        long start = System.nanoTime();
        team.run((c, member) -> sums[16 * member] += read(memory, c * CHUNK), chunks);
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = Math.max(best, Math.min(memory.byteSize(), chunks * CHUNK) / seconds);
      }
      return sums[0] == 42 ? best * (1 + 1e-15) : best;
    }
  }

  private static long read(MemorySegment m, long from) {
    LongVector a = LongVector.zero(S);
    long end = Math.min(m.byteSize(), from + CHUNK) - S.vectorByteSize();
    for (long i = from; i <= end; i += S.vectorByteSize()) {
      a = a.add(LongVector.fromMemorySegment(S, m, i, LITTLE_ENDIAN));
    }
    return a.reduceLanes(VectorOperators.ADD);
  }
}
