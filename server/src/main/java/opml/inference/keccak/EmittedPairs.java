package opml.inference.keccak;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.commitment.PairHash;
import opml.inference.emitted.KeccakKernel;

/** Pairs copied to memory outside the heap and hashed there, for one thread. */
final class EmittedPairs implements PairHash {
  private static final int CHUNK = 128;

  private final Arena arena = Arena.ofAuto();
  private final KeccakKernel kernel = new KeccakKernel(arena);
  private final MemorySegment buffer = arena.allocate(64L * CHUNK, 64);

  @Override
  public void pairs(byte[] in, int inOff, int n, byte[] out, int outOff) {
    for (int done = 0; done < n; done += CHUNK) {
      int m = Math.min(CHUNK, n - done);
      MemorySegment.copy(in, inOff + 64 * done, buffer, JAVA_BYTE, 0, 64 * m);
      int groups = (m + KeccakKernel.UNIT - 1) / KeccakKernel.UNIT;
      kernel.run(buffer.address(), buffer.address(), groups);
      MemorySegment.copy(buffer, JAVA_BYTE, 0, out, outOff + 32 * done, 32 * m);
    }
  }
}
