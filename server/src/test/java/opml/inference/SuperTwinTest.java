package opml.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import opml.guest.Header;
import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuperTwinTest {
  private static final int[] BLOCKS = {8, 16, 24, 40, 56, 64, 72, 136};
  private static final long VECTOR = 1024;
  private static final long OUT = 1 << 16;

  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q2_K, Tensor.Q3_K, Tensor.Q4_K, Tensor.Q5_K, Tensor.Q6_K})
  void everyRowHasTheBitsOfThePlainForm(int type) {
    everyRow(type, false);
  }

  /** On processors without AVX2 this is the test above once more. */
  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q2_K, Tensor.Q3_K, Tensor.Q4_K, Tensor.Q5_K, Tensor.Q6_K})
  void emittedMachineCodeGivesTheSameBits(int type) {
    everyRow(type, Emission.has(Level.AVX2));
  }

  private static void everyRow(int type, boolean emitted) {
    Random r = new Random(type);
    for (int blocks : BLOCKS) {
      for (int kind = 0; kind < 6; kind++) {
        int rows = 1 + r.nextInt(40);
        byte[] weights = Samples.matrix(r, type, rows, blocks, kind % 2 == 1, kind > 3);
        if (kind < 2) {
          ones(weights);
        }
        try (Twins t = new Twins(weights, 1 + kind % 2, emitted)) {
          vector(t, r, blocks, kind);
          int first = r.nextInt(rows);
          int count = 1 + r.nextInt(rows - first);
          String what = "type " + type + ", " + blocks + " blocks, kind " + kind;
          t.check(what, m -> product(m, first, count));
          vector(t, r, blocks, kind);
          t.check(what + ", another vector", m -> product(m, 0, rows));
          t.checkRoot();
          assertTrue(t.changed());
        }
      }
    }
  }

  private static int product(opml.guest.Memory m, int first, int count) {
    m.matrix(Header.BASE, first, count, VECTOR, OUT);
    return 0;
  }

  /** What a header has; other bytes there must not matter either. */
  private static void ones(byte[] weights) {
    int at = (int) (Header.ONES - Header.BASE);
    java.util.Arrays.fill(weights, at, at + 32, (byte) 1);
  }

  /** Kinds 0 and 1 as quantize makes them, others any integers with small or huge scales. */
  private static void vector(Twins t, Random r, int blocks, int kind) {
    if (kind < 2) {
      long x = 1 << 17;
      t.putFloats(x, 32 * blocks, r, 0);
      t.check("quantize", m -> m.quantize(x, 32 * blocks, kind == 0 ? 16383 : 1023, VECTOR));
      return;
    }
    for (int i = 0; i < 16 * blocks; i++) {
      t.put(
          VECTOR + 4L * i, kind % 2 == 0 ? r.nextInt() : r.nextBoolean() ? 0x3fff3fff : 0xc001c001);
    }
    for (int b = 0; b < blocks; b++) {
      float scale = r.nextFloat() * (r.nextInt(30) == 0 ? 1e30f : 1e-4f);
      t.put(Quantized.scales(VECTOR, blocks) + 4L * b, Float.floatToRawIntBits(scale));
      t.put(Quantized.sums(VECTOR, blocks) + 4L * b, r.nextInt() >> r.nextInt(16));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q4_K, Tensor.Q6_K})
  void outOfPlaceAccessesFaultAsInTheVm(int type) {
    Random r = new Random(5);
    byte[] weights = Samples.matrix(r, type, 8, 8, false);
    Twins.checkOutOfPlace(weights, VECTOR, OUT, t -> vector(t, r, 8, 0));
  }
}
