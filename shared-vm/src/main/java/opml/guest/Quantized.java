package opml.guest;

/**
 * A quantized vector of n values in STATE, 64-byte aligned: int16 plane, f32 scales, i32 sums. The
 * block count of every plane is rounded up to 8 and the padding is zero, so that kernels may run
 * over a row's end.
 */
public final class Quantized {
  private Quantized() {}

  /** Blocks of 32 rounded up to a multiple of 8. */
  public static int padded(int blocks) {
    return (blocks + 7) & -8;
  }

  /** Address of the scales of a vector of this many blocks. */
  public static long scales(long vector, int blocks) {
    return vector + ((long) padded(blocks) << 6);
  }

  /** Address of the sums of a vector of this many blocks. */
  public static long sums(long vector, int blocks) {
    return vector + (long) padded(blocks) * 68;
  }

  /** Bytes of a vector of this many blocks. */
  public static int bytes(int blocks) {
    return padded(blocks) * 72;
  }
}
