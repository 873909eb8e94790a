package opml.catalog;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Floats to Q8_0 as llama.cpp does: d = max / 127 as f16, quants of x / d rounded half away from
 * zero. NaN and infinity make a scale that is not finite.
 *
 * <p>Flat loops over arrays, which C2 makes vector instructions of.
 */
final class FloatBlocks {
  private static final int VALUES = 32;
  private static final int MOST = 2048;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final TensorType type;
  private final short[] halves = new short[MOST];
  private final int[] bits = new int[MOST];
  private final float[] values = new float[MOST];
  private final float[] inverses = new float[MOST];
  private final int[] quants = new int[MOST];

  FloatBlocks(TensorType type) {
    this.type = type;
  }

  /** Moves n blocks of {@code in}, which begin at {@code at}, to the planes from block b on. */
  void move(byte[] in, int at, int n, byte[][] out, int b) {
    int step = MOST / VALUES;
    for (int i = 0; i < n; i += step) {
      int some = Math.min(step, n - i);
      read(in, at + i * VALUES * type.bytes, some * VALUES);
      scales(some, out[1], 2 * (b + i));
      quantize(some * VALUES, out[0], VALUES * (b + i));
    }
  }

  private void read(byte[] in, int at, int n) {
    MemorySegment bytes = MemorySegment.ofArray(in);
    if (type == TensorType.F32) {
      MemorySegment.copy(bytes, FLOAT, at, values, 0, n);
    } else {
      MemorySegment.copy(bytes, SHORT, at, halves, 0, n);
      if (type == TensorType.F16) {
        for (int i = 0; i < n; i++) {
          values[i] = Float.float16ToFloat(halves[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          bits[i] = halves[i] << 16;
        }
        MemorySegment.copy(
            MemorySegment.ofArray(bits), 0, MemorySegment.ofArray(values), 0, 4L * n);
        return;
      }
    }
    MemorySegment.copy(MemorySegment.ofArray(values), 0, MemorySegment.ofArray(bits), 0, 4L * n);
  }

  private void scales(int blocks, byte[] out, int to) {
    for (int b = 0; b < blocks; b++) {
      float d = largest(VALUES * b) / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      if (inverse == Float.POSITIVE_INFINITY) {
        tiny(VALUES * b);
        inverse = 1;
      }
      Arrays.fill(inverses, VALUES * b, VALUES * (b + 1), inverse);
      short half = Float.floatToFloat16(d);
      out[to + 2 * b] = (byte) half;
      out[to + 2 * b + 1] = (byte) (half >> 8);
    }
  }

  /** Values below 2^-121, whose scale is 0: their quants are infinity as an int as a byte. */
  private void tiny(int at) {
    for (int i = at; i < at + VALUES; i++) {
      values[i] = values[i] > 0 ? -1 : 0;
    }
  }

  /** The largest magnitude of a block; NaN is beyond infinity. */
  private float largest(int at) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int i = at; i < at + VALUES; i += 4) {
      a = Math.max(a, bits[i] & Integer.MAX_VALUE);
      b = Math.max(b, bits[i + 1] & Integer.MAX_VALUE);
      c = Math.max(c, bits[i + 2] & Integer.MAX_VALUE);
      d = Math.max(d, bits[i + 3] & Integer.MAX_VALUE);
    }
    return Float.intBitsToFloat(Math.max(Math.max(a, b), Math.max(c, d)));
  }

  private void quantize(int n, byte[] out, int to) {
    for (int i = 0; i < n; i++) {
      float scaled = values[i] * inverses[i];
      int whole = (int) scaled;
      float rest = scaled - whole; // exact, and so is its double
      quants[i] = whole + (int) (rest + rest);
    }
    for (int i = 0; i < n; i++) {
      out[to + i] = (byte) quants[i];
    }
  }
}
