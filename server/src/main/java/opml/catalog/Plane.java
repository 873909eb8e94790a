package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Moves the blocks of a tensor into planes (opml.guest.Tensor): values stay as they are, never
 * requantized.
 */
final class Plane {
  private Plane() {}

  /** The guest's type for a file type. */
  static int guestType(TensorType t) {
    return t == TensorType.Q5_0 ? TensorType.Q8_0.number : t.number;
  }

  /** Bytes per block of each plane. */
  static int[] widths(TensorType t) {
    return switch (t) {
      case F32 -> new int[] {4};
      case Q4_0 -> new int[] {16, 2};
      case Q4_1 -> new int[] {16, 2, 2};
      case Q5_0, Q8_0 -> new int[] {32, 2};
      case Q5_1 -> new int[] {32, 2, 2};
      default ->
          throw new GgufException(
              "tensor type " + t + "; supported are " + TensorType.supportedNames());
    };
  }

  /** Writes all blocks of {@code from} to the planes at {@code to}, block {@code first} onwards. */
  static void fill(Gguf.Entry from, MemorySegment out, long[] to, long first) {
    int[] widths = widths(from.type());
    MemorySegment in = from.data();
    int size = from.type().bytes;
    long blocks = in.byteSize() / size;
    int halves = widths.length - 1;
    for (long b = 0; b < blocks; b++) {
      long at = b * size;
      for (int k = 0; k < halves; k++) {
        short half = in.get(JAVA_SHORT_UNALIGNED, at + 2 * k);
        if ((half & 0x7c00)
            == 0x7c00) { // the guest relies on finite scales: NaN bits differ between machines
          throw new GgufException(
              "tensor " + from.name() + " has a scale that is not finite in block " + b);
        }
        out.set(JAVA_SHORT_UNALIGNED, to[1 + k] + 2 * (first + b), half);
      }
      quants(from.type(), in, at + 2 * halves, out, to[0] + widths[0] * (first + b));
    }
    if (from.type() == TensorType.F32) {
      finite(from);
    }
  }

  private static void quants(
      TensorType type, MemorySegment in, long at, MemorySegment out, long to) {
    switch (type) {
      case Q5_0, Q5_1 -> {
        int high = in.get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, at);
        int offset = type == TensorType.Q5_0 ? 16 : 0;
        for (int i = 0; i < 16; i++) {
          int pair = in.get(JAVA_BYTE, at + 4 + i);
          out.set(JAVA_BYTE, to + i, (byte) ((pair & 15 | (high >>> i & 1) << 4) - offset));
          out.set(
              JAVA_BYTE,
              to + 16 + i,
              (byte) ((pair >> 4 & 15 | (high >>> 16 + i & 1) << 4) - offset));
        }
      }
      case F32 -> MemorySegment.copy(in, at, out, to, 4);
      default -> MemorySegment.copy(in, at, out, to, widths(type)[0]);
    }
  }

  private static void finite(Gguf.Entry from) {
    for (long i = 0; i < from.data().byteSize(); i += 4) {
      if (!Float.isFinite(from.data().get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, i))) {
        throw new GgufException(
            "tensor " + from.name() + " has a value that is not finite at index " + i / 4);
      }
    }
  }
}
