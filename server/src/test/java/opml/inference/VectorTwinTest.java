package opml.inference;

import java.util.Random;
import java.util.function.ToIntFunction;
import opml.guest.Header;
import opml.guest.HeaderWriter;
import opml.guest.Layout;
import opml.guest.Memory;
import opml.guest.Shape;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import org.junit.jupiter.api.Test;

class VectorTwinTest {
  private static final long A = 4096;
  private static final long B = 1 << 15;
  private static final long C = 1 << 16;

  private static void all(int n, String what, ToIntFunction<Memory> operation) {
    Random r = new Random(n);
    for (int round = 0; round < 12 * Samples.KINDS; round++) {
      byte[] weights = header(new Shape(n, 1, 2, 1, 32, 64, 99, 32, 1e-5f, 1e4, 16383), r, round);
      boolean emitted = round % 2 == 1 && Emission.has(Level.AVX2);
      try (Twins t = new Twins(weights, 1, emitted)) {
        t.putFloats(A, n, r, round / 2 % Samples.KINDS);
        t.putFloats(B, n, r, (round / 2 + round / (2 * Samples.KINDS)) % Samples.KINDS);
        t.check(what + " of " + n + ", round " + round, operation);
        t.checkRoot();
      }
    }
  }

  /** A header followed by dim floats: the weights of a norm. */
  static byte[] header(Shape shape, Random r, int round) {
    byte[] header = HeaderWriter.header(shape, new Layout(shape, 64, 64), 0, 0, 0, 0);
    byte[] out = new byte[header.length + 4 * shape.dim() + 64];
    System.arraycopy(header, 0, out, 0, header.length);
    for (int i = 0; i < shape.dim(); i++) {
      int bits = Float.floatToRawIntBits(Samples.value(r, round % 2));
      for (int k = 0; k < 4; k++) {
        out[header.length + 4 * i + k] = (byte) (bits >> 8 * k);
      }
    }
    return out;
  }

  @Test
  void quantizeMakesTheSameBlocks() {
    for (int n : new int[] {32, 64, 288, 1536}) {
      all(n, "exact", m -> m.quantize(A, n, 16383, C));
      all(n, "fast", m -> m.quantize(A, n, 1023, C));
    }
  }

  @Test
  void headVectorsAreQuantizedTheSame() {
    for (int n : new int[] {32, 64, 96, 128, 256}) {
      all(n, "head", m -> m.quantizeHead(A, n, 4095, C, C + 1024));
      all(n, "query", m -> m.quantizeQuery(A, n, 2896, C, C + 1024));
    }
  }

  @Test
  void activationAndSumAreTheSame() {
    for (int n : new int[] {8, 96, 1536}) {
      int size = (n + 31) / 32 * 32;
      all(
          size,
          "activate",
          m -> {
            m.activate(A, B, size);
            return 0;
          });
      all(
          size,
          "add",
          m -> {
            m.add(A, B, size);
            return 0;
          });
    }
  }

  @Test
  void rotationsAreTheSame() {
    for (int headDim : new int[] {8, 32, 64}) {
      all(
          192,
          "rotate",
          m -> {
            m.rotate(A, 192 / headDim, headDim, Header.BASE + Header.BYTES);
            m.rotate(B, 1, headDim, Header.BASE + Header.BYTES + 4);
            return 0;
          });
    }
  }

  @Test
  void normsAreTheSame() {
    for (int n : new int[] {32, 64, 576}) {
      all(
          n,
          "normalize",
          m -> {
            m.normalize(A, Header.BASE + Header.BYTES, C);
            return 0;
          });
    }
  }

  @Test
  void theLargestIsTheFirstOfTheLargest() {
    for (int n : new int[] {32, 64, 96, 1024}) {
      all(n, "argmax", m -> m.argmax(A, n));
      all(n, "argmax of some", m -> m.argmax(A, n - 5));
    }
  }

  @Test
  void clearStoresZerosWhereItShould() {
    all(
        64,
        "clear",
        m -> {
          m.clear(A, 128);
          m.clear(B + 64, 64);
          return 0;
        });
  }

  @Test
  void overlapsAndBadAddressesBehaveAsThePlainForm() {
    all(
        64,
        "add in place",
        m -> {
          m.add(A, A + 4, 64);
          return 0;
        });
    all(64, "quantize in place", m -> m.quantize(A, 64, 16383, A));
    all(64, "misaligned", m -> m.quantize(A + 2, 64, 16383, C));
    all(64, "beyond the end", m -> m.argmax(Twins.STATE_BYTES - 8, 64));
    all(
        64,
        "store to weights",
        m -> {
          m.add(Header.BASE, A, 64);
          return 0;
        });
  }
}
