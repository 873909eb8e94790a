package opml.inference;

import java.util.Random;
import opml.guest.Header;
import opml.guest.HeaderWriter;
import opml.guest.Tensor;

/** Random and extreme material for kernels. */
final class Samples {
  static final int KINDS = 5;

  private Samples() {}

  /** 0 ordinary, 1 any finite, 2 subnormal and zeros, 3 any bits, 4 a huge one among small ones. */
  static float value(Random r, int kind) {
    return switch (kind) {
      case 0 -> (float) r.nextGaussian();
      case 1 -> finite(r.nextInt());
      case 2 -> Float.intBitsToFloat(r.nextInt() & (r.nextBoolean() ? 0x807fffff : 0x80000000));
      case 3 -> Float.intBitsToFloat(r.nextInt());
      default -> r.nextInt(40) == 0 ? (float) r.nextGaussian() * 1e30f : (float) r.nextGaussian();
    };
  }

  private static float finite(int bits) {
    return Float.intBitsToFloat((bits & 0x7f800000) == 0x7f800000 ? bits & 0xbfffffff : bits);
  }

  /**
   * A matrix as the content of WEIGHTS: its entry at 0, then its planes.
   *
   * @param extreme any scales and limits of quants
   * @param infinite some scales are infinite or NaN, as no importer writes them
   */
  static byte[] matrix(
      Random r, int type, int rows, int blocks, boolean extreme, boolean infinite) {
    boolean nibbles =
        type != Tensor.Q8_0 && type != Tensor.Q5_1 && type != Tensor.Q5_K && type != Tensor.Q6_K;
    boolean isSuper = Tensor.isSuper(type);
    int n = rows * blocks;
    int quants = 64;
    int d = quants + n * (nibbles ? 16 : 32) + 127 & -64;
    int m = d + 2 * n + 127 & -64;
    int end = m + 2 * n + 1200 & -64;
    byte[] out = new byte[end];
    r.nextBytes(out);
    if (extreme) {
      for (int i = quants; i < d; i++) {
        out[i] = (byte) (r.nextBoolean() ? 0x80 : r.nextBoolean() ? 0x7f : 0xff);
      }
    }
    for (int at = isSuper ? m : d; at + 1 < end; at += 2) {
      int half = extreme ? r.nextInt() : 0x1000 | r.nextInt() & 0x8fff;
      half = (half & 0x7c00) == 0x7c00 ? half & 0xbfff : half;
      half = infinite && r.nextInt(40) == 0 ? half | 0x7c00 : half;
      out[at] = (byte) half;
      out[at + 1] = (byte) (half >> 8);
    }
    byte[] entry =
        HeaderWriter.entry(
            type, rows, 32 * blocks, Header.BASE + quants, Header.BASE + d, Header.BASE + m);
    System.arraycopy(entry, 0, out, 0, entry.length);
    return out;
  }

  static byte[] matrix(Random r, int type, int rows, int blocks, boolean extreme) {
    return matrix(r, type, rows, blocks, extreme, false);
  }
}
