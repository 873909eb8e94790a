package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import opml.guest.Header;
import opml.guest.Tensor;

/** Reads a row of a matrix as floats, from the planes as {@link Tensor} describes them. */
final class WeightRow {
  private WeightRow() {}

  /** Fills {@code out}, as long as a row, with row {@code row} of the tensor at an address. */
  static void read(MemorySegment w, long tensor, int row, float[] out) {
    int type = ModelTables.i32(w, tensor + Tensor.TYPE);
    boolean bytes =
        type == Tensor.Q8_0 || type == Tensor.Q5_1 || type == Tensor.Q5_K || type == Tensor.Q6_K;
    long block = (long) row * (out.length / 32);
    long q = plane(w, tensor, 0) + block * (bytes ? 32 : 16);
    for (int i = 0; i < out.length; i++) {
      long at = q + (long) (i / 32) * (bytes ? 32 : 16);
      int value =
          bytes
              ? w.get(ValueLayout.JAVA_BYTE, at + i % 32)
              : w.get(ValueLayout.JAVA_BYTE, at + i % 16) >> (i % 32 < 16 ? 0 : 4) & 15;
      out[i] =
          Tensor.isSuper(type)
              ? superValue(w, tensor, type, block + i / 32, i / 16 % 2, value)
              : value(w, tensor, type, block + i / 32, value);
    }
  }

  private static float value(MemorySegment w, long tensor, int type, long block, int q) {
    boolean shifted = type == Tensor.Q4_1 || type == Tensor.Q5_1;
    float d = half(w, plane(w, tensor, 1) + 2 * block);
    float m = shifted ? half(w, plane(w, tensor, 2) + 2 * block) : 0;
    return (type == Tensor.Q4_0 ? q - 8 : q) * d + m;
  }

  private static float superValue(
      MemorySegment w, long tensor, int type, long block, int half, int q) {
    long c = plane(w, tensor, 1) + 16 * (block / 8) + block % 8;
    int own = w.get(ValueLayout.JAVA_BYTE, c + 8L * half);
    long factors = plane(w, tensor, 2);
    if (type == Tensor.Q6_K || type == Tensor.Q3_K) {
      return own * (type == Tensor.Q3_K ? q - 4 : q) * half(w, factors + 2 * (block / 8));
    }
    float d = half(w, factors + 4 * (block / 8));
    float min = half(w, factors + 4 * (block / 8) + 2);
    if (type == Tensor.Q2_K) {
      return (own & 15) * q * d - (own >> 4 & 15) * min;
    }
    int scale = w.get(ValueLayout.JAVA_BYTE, c) & 255;
    return scale * q * d - (w.get(ValueLayout.JAVA_BYTE, c + 8) & 255) * min;
  }

  private static long plane(MemorySegment w, long tensor, int index) {
    return ModelTables.i64(w, tensor + Tensor.PLANES + 8L * index) - Header.BASE;
  }

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }
}
