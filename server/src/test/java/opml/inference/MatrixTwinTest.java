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

class MatrixTwinTest {
  private static final int[] BLOCKS = {
    1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 18, 31, 48, 63, 64, 65, 70, 72, 130
  };
  private static final long VECTOR = 1024;
  private static final long OUT = 1 << 16;

  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1})
  void everyRowHasTheBitsOfThePlainForm(int type) {
    everyRow(type, false);
  }

  /** On processors without AVX2 this is the test above once more. */
  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1})
  void emittedMachineCodeGivesTheSameBits(int type) {
    everyRow(type, Emission.has(Level.AVX2));
  }

  private static void everyRow(int type, boolean emitted) {
    Random r = new Random(type);
    for (int blocks : BLOCKS) {
      for (int kind = 0; kind < 5; kind++) {
        int rows = 1 + r.nextInt(60);
        byte[] weights = Samples.matrix(r, type, rows, blocks, kind % 2 == 1, kind == 4);
        try (Twins t = new Twins(weights, 1 + kind % 2, emitted)) {
          vector(t, r, blocks, kind);
          int first = r.nextInt(rows);
          int count = 1 + r.nextInt(rows - first);
          String what = "type " + type + ", " + blocks + " blocks, kind " + kind;
          t.check(
              what,
              m -> {
                m.matrix(Header.BASE, first, count, VECTOR, OUT);
                return 0;
              });
          vector(t, r, blocks, kind);
          t.check(
              what + ", another vector",
              m -> {
                m.matrix(Header.BASE, 0, rows, VECTOR, OUT);
                return 0;
              });
          t.checkRoot();
          assertTrue(t.changed());
        }
      }
    }
  }

  /** Kinds 0 and 1 as quantize makes them, 2 and 3 any integers with small scales. */
  private static void vector(Twins t, Random r, int blocks, int kind) {
    if (kind < 2) {
      long x = 1 << 17;
      t.putFloats(x, 32 * blocks, r, 0);
      t.check("quantize", m -> m.quantize(x, 32 * blocks, kind == 0 ? 16383 : 1023, VECTOR));
      return;
    }
    for (int i = 0; i < 16 * blocks; i++) {
      int q = kind == 2 ? r.nextInt() : r.nextBoolean() ? 0x3fff3fff : 0xc001c001;
      t.put(VECTOR + 4L * i, q);
    }
    for (int b = 0; b < blocks; b++) {
      t.put(
          Quantized.scales(VECTOR, blocks) + 4L * b,
          Float.floatToRawIntBits(r.nextFloat() * 1e-4f));
      t.put(Quantized.sums(VECTOR, blocks) + 4L * b, r.nextInt() >> 12);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q8_0, Tensor.Q4_1})
  void outOfPlaceAccessesFaultAsInTheVm(int type) {
    Random r = new Random(5);
    byte[] weights = Samples.matrix(r, type, 8, 4, false);
    Twins.checkOutOfPlace(weights, VECTOR, OUT, t -> vector(t, r, 4, 0));
  }
}
