package opml.catalog;

/**
 * Takes the K formats of GGUF apart: 256 values become eight blocks of 32 with their scales in
 * whole bytes, as opml.guest.Tensor says. Values stay as they are.
 *
 * <p>Layouts of the file: block_q2_K to block_q6_K of ggml-common.h.
 */
final class SuperBlocks {
  private static final int VALUES = 256;

  private SuperBlocks() {}

  /** Moves super-block {@code b} of {@code in}, which begins at {@code at}, to the planes. */
  static void move(TensorType type, byte[] in, int at, byte[][] out, int b) {
    int[] values = new int[VALUES];
    int factors = at + type.bytes - 2;
    switch (type) {
      case Q4_K, Q5_K -> {
        factors = at;
        pairs(in, at + 4, out[1], 16 * b);
        fiveBits(type, in, at + 16, values);
      }
      case Q6_K -> {
        sixBits(in, at, values);
        for (int k = 0; k < 16; k++) {
          out[1][16 * b + place(k)] = in[at + 192 + k];
        }
      }
      case Q3_K -> {
        threeBits(in, at, values);
        for (int k = 0; k < 16; k++) {
          out[1][16 * b + place(k)] = (byte) (scale(in, at + 96, k) - 32);
        }
      }
      default -> {
        factors = at + 80;
        twoBits(in, at + 16, values);
        for (int k = 0; k < 16; k++) {
          out[1][16 * b + place(k)] = in[at + k];
        }
      }
    }
    int width = out[2].length / (out[1].length / 16);
    System.arraycopy(in, factors, out[2], width * b, width);
    boolean bytes = type == TensorType.Q5_K || type == TensorType.Q6_K;
    for (int i = 0; i < VALUES; i++) {
      if (bytes) {
        out[0][VALUES * b + i] = (byte) values[i];
      } else if ((i & 16) == 0) {
        int pair = values[i] | values[i + 16] << 4;
        out[0][VALUES / 2 * b + (i >> 5 << 4) + (i & 15)] = (byte) pair;
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

  /** 4-bit values, with the fifth bits in front of them for Q5_K. */
  private static void fiveBits(TensorType type, byte[] in, int at, int[] values) {
    boolean five = type == TensorType.Q5_K;
    int low = five ? at + 32 : at;
    for (int i = 0; i < VALUES; i++) {
      int block = i >> 5;
      int octet = in[low + (block >> 1 << 5) + (i & 31)] & 255;
      int high = five ? in[at + (i & 31)] >> block & 1 : 0;
      values[i] = octet >> ((block & 1) << 2) & 15 | high << 4;
    }
  }

  private static void sixBits(byte[] in, int at, int[] values) {
    for (int i = 0; i < VALUES; i++) {
      int half = i >> 7;
      int quarter = i >> 5 & 3;
      int low = in[at + 64 * half + ((quarter & 1) << 5) + (i & 31)] >> (quarter >> 1 << 2) & 15;
      int high = in[at + 128 + 32 * half + (i & 31)] >> 2 * quarter & 3;
      values[i] = (low | high << 4) - 32;
    }
  }

  /** 0..7 for -4..3. */
  private static void threeBits(byte[] in, int at, int[] values) {
    twoBits(in, at + 32, values);
    for (int i = 0; i < VALUES; i++) {
      values[i] |= (in[at + (i & 31)] >> (i >> 5) & 1) << 2;
    }
  }

  private static void twoBits(byte[] in, int at, int[] values) {
    for (int i = 0; i < VALUES; i++) {
      values[i] = in[at + (i >> 7 << 5) + (i & 31)] >> 2 * (i >> 5 & 3) & 3;
    }
  }

  /** The k-th of sixteen 6-bit scales of twelve bytes: four low bits, two high bits. */
  private static int scale(byte[] in, int at, int k) {
    int low = in[at + (k & 7)] >> (k >> 3 << 2) & 15;
    return low | (in[at + 8 + (k & 3)] >> 2 * (k >> 2) & 3) << 4;
  }
}
