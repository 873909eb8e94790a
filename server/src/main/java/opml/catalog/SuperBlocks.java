package opml.catalog;

/**
 * Takes the K formats of GGUF apart: 256 values become eight blocks of 32 with their scales in
 * whole bytes, as opml.guest.Tensor says. Values stay as they are.
 *
 * <p>Layouts of the file: block_q2_K to block_q6_K of ggml-common.h.
 */
final class SuperBlocks {
  private static final long PAIRS = 0x03 * Blocks.ONES;

  private SuperBlocks() {}

  /** Moves n super-blocks of {@code in}, from {@code at}, to the planes from super-block b on. */
  static void move(TensorType type, byte[] in, int at, int n, byte[][] out, int b) {
    int width = out[2].length / (out[1].length / 16);
    for (int i = 0; i < n; i++) {
      int from = at + i * type.bytes;
      System.arraycopy(in, from + factors(type), out[2], width * (b + i), width);
      scales(type, in, from, out[1], 16 * (b + i));
      if (type == TensorType.Q5_K || type == TensorType.Q6_K) {
        bytes(type, in, from, out[0], 256 * (b + i));
      } else {
        nibbles(type, in, from, out[0], 128 * (b + i));
      }
    }
  }

  /** Where the f16 factors lie. */
  private static int factors(TensorType type) {
    return switch (type) {
      case Q4_K, Q5_K -> 0;
      case Q2_K -> 80;
      default -> type.bytes - 2;
    };
  }

  private static void scales(TensorType type, byte[] in, int at, byte[] out, int to) {
    switch (type) {
      case Q4_K, Q5_K -> pairs(in, at + 4, out, to);
      case Q6_K -> {
        for (int k = 0; k < 16; k++) {
          out[to + place(k)] = in[at + 192 + k];
        }
      }
      case Q3_K -> {
        for (int k = 0; k < 16; k++) {
          out[to + place(k)] = (byte) (scale(in, at + 96, k) - 32);
        }
      }
      default -> {
        for (int k = 0; k < 16; k++) {
          out[to + place(k)] = in[at + k];
        }
      }
    }
  }

  /** Where the scale of the k-th sixteen values goes: first halves of the blocks, then second. */
  private static int place(int k) {
    return (k >> 1) + ((k & 1) << 3);
  }

  /** Eight 6-bit scales and eight 6-bit minima of twelve bytes. */
  private static void pairs(byte[] in, int at, byte[] out, int to) {
    for (int j = 0; j < 4; j++) {
      int low = in[at + j] & 255;
      int middle = in[at + 4 + j] & 255;
      int high = in[at + 8 + j] & 255;
      out[to + j] = (byte) (low & 63);
      out[to + 8 + j] = (byte) (middle & 63);
      out[to + 4 + j] = (byte) (high & 15 | low >> 6 << 4);
      out[to + 12 + j] = (byte) (high >> 4 | middle >> 6 << 4);
    }
  }

  private static void bytes(TensorType type, byte[] in, int at, byte[] out, int to) {
    for (int block = 0; block < 8; block++) {
      for (int k = 0; k < 32; k += 8) {
        long values =
            type == TensorType.Q5_K
                ? fiveBits(in, at + 16, block, k)
                : Blocks.less(sixBits(in, at, block, k), 32);
        Blocks.EIGHT.set(out, to + 32 * block + k, values);
      }
    }
  }

  /** The first sixteen values of each block in the low halves, the others in the high ones. */
  private static void nibbles(TensorType type, byte[] in, int at, byte[] out, int to) {
    for (int block = 0; block < 8; block++) {
      for (int k = 0; k < 16; k += 8) {
        long low = nibbles(type, in, at, block, k);
        long high = nibbles(type, in, at, block, k + 16);
        Blocks.EIGHT.set(out, to + 16 * block + k, low | high << 4);
      }
    }
  }

  private static long nibbles(TensorType type, byte[] in, int at, int block, int k) {
    return switch (type) {
      case Q4_K -> fourBits(in, at + 16, block, k);
      case Q3_K -> threeBits(in, at, block, k);
      default -> twoBits(in, at + 16, block, k);
    };
  }

  private static long eight(byte[] in, int at) {
    return (long) Blocks.EIGHT.get(in, at);
  }

  // eight values of a block from the k-th on, each in a byte

  private static long fourBits(byte[] in, int at, int block, int k) {
    return eight(in, at + (block >> 1 << 5) + k) >>> ((block & 1) << 2) & Blocks.NIBBLES;
  }

  /** The fifth bits of all blocks, then four bits each. */
  private static long fiveBits(byte[] in, int at, int block, int k) {
    long fifth = eight(in, at + k) >>> block & Blocks.ONES;
    return fourBits(in, at + 32, block, k) | fifth << 4;
  }

  private static long sixBits(byte[] in, int at, int block, int k) {
    int half = block >> 2;
    int quarter = block & 3;
    long low = eight(in, at + 64 * half + ((quarter & 1) << 5) + k) >>> (quarter >> 1 << 2);
    long high = eight(in, at + 128 + 32 * half + k) >>> 2 * quarter & PAIRS;
    return low & Blocks.NIBBLES | high << 4;
  }

  /** 0..7 for -4..3. */
  private static long threeBits(byte[] in, int at, int block, int k) {
    long third = eight(in, at + k) >>> block & Blocks.ONES;
    return twoBits(in, at + 32, block, k) | third << 2;
  }

  private static long twoBits(byte[] in, int at, int block, int k) {
    return eight(in, at + (block >> 2 << 5) + k) >>> 2 * (block & 3) & PAIRS;
  }

  /** The k-th of sixteen 6-bit scales of twelve bytes: four low bits, two high bits. */
  private static int scale(byte[] in, int at, int k) {
    int low = in[at + (k & 7)] >> (k >> 3 << 2) & 15;
    return low | (in[at + 8 + (k & 3)] >> 2 * (k >> 2) & 3) << 4;
  }
}
