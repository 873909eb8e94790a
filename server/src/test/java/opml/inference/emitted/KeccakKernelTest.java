package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import opml.commitment.Keccak;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every form of the hash that this processor runs gives the hashes of the plain one. */
class KeccakKernelTest {
  private static final int PAIRS = 5 * KeccakKernel.UNIT;

  @Test
  void allFormsEqualThePlainOne() {
    Assumptions.assumeTrue(Emission.has(Level.AVX2), "nothing is emitted here");
    byte[] in = new byte[64 * PAIRS];
    new Random(7).nextBytes(in);
    byte[] wanted = new byte[32 * PAIRS];
    Keccak.plainPairs(in, 0, PAIRS, wanted, 0);
    for (byte[] code : forms()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment from = arena.allocate(in.length, 64);
        MemorySegment to = arena.allocate(wanted.length, 64);
        MemorySegment.copy(in, 0, from, JAVA_BYTE, 0, in.length);
        KeccakKernel kernel = new KeccakKernel(arena, CodeMemory.place(code));
        kernel.run(from.address(), to.address(), PAIRS / KeccakKernel.UNIT);
        assertArrayEquals(wanted, to.toArray(JAVA_BYTE));
      }
    }
  }

  private static List<byte[]> forms() {
    List<byte[]> forms = new ArrayList<>();
    if (!Emission.has(Level.AVX512)) {
      forms.add(new KeccakFourCode().emit());
      return forms;
    }
    forms.add(new KeccakCode(false).emit());
    if (Emission.multishift()) {
      forms.add(new KeccakCode(true).emit());
    }
    return forms;
  }
}
