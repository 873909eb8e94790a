package opml.catalog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes blocks of 32 values apart: quants and f16 scales, as opml.guest.Tensor says. */
final class Blocks {
  /** Eight bytes at once. */
  static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The lowest bit of each byte. */
  static final long ONES = 0x0101010101010101L;

  private static final long HIGHEST = 0x8080808080808080L;

  static final long NIBBLES = 0x0f * ONES;

  private static final VarHandle SCALE =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int VALUES = 32;

  private Blocks() {}

  /** Moves n blocks of {@code in}, which begin at {@code at}, to the planes from block b on. */
  static void move(TensorType type, byte[] in, int at, int n, byte[][] out, int b) {
    int scales = out.length - 1;
    for (int k = 0; k < scales; k++) {
      for (int i = 0; i < n; i++) {
        SCALE.set(out[1 + k], 2 * (b + i), (short) SCALE.get(in, at + i * type.bytes + 2 * k));
      }
    }
    int quants = at + 2 * scales;
    byte[] to = out[0];
    switch (type) {
      case Q5_0 -> {
        for (int i = 0; i < n; i++) {
          fiveBits(in, quants + i * type.bytes, 16, to, VALUES * (b + i));
        }
      }
      case Q5_1 -> {
        for (int i = 0; i < n; i++) {
          fiveBits(in, quants + i * type.bytes, 0, to, VALUES * (b + i));
        }
      }
      default -> {
        int width = type.bytes - 2 * scales;
        for (int i = 0; i < n; i++) {
          for (int k = 0; k < width; k += 8) {
            EIGHT.set(to, width * (b + i) + k, (long) EIGHT.get(in, quants + i * type.bytes + k));
          }
        }
      }
    }
  }

  /** Four bytes of fifth bits, then the nibbles: of the first sixteen values, of the others. */
  private static void fiveBits(byte[] in, int at, int offset, byte[] out, int to) {
    for (int k = 0; k < 2; k++) {
      long nibbles = (long) EIGHT.get(in, at + 4 + 8 * k);
      long first = nibbles & NIBBLES | bits(in[at + k]) << 4;
      long second = nibbles >>> 4 & NIBBLES | bits(in[at + 2 + k]) << 4;
      EIGHT.set(out, to + 8 * k, less(first, offset));
      EIGHT.set(out, to + 16 + 8 * k, less(second, offset));
    }
  }

  /** The bits of a byte, each in a byte. */
  private static long bits(byte eight) {
    long picked = (eight & 255) * ONES & 0x8040201008040201L;
    return picked + 0x7f * ONES >>> 7 & ONES;
  }

  /** Eight bytes of less than 128, each less an offset of at most 128. */
  static long less(long bytes, int offset) {
    return (bytes | HIGHEST) - offset * ONES ^ HIGHEST;
  }
}
