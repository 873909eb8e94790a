package opml.guest;

/**
 * The 64-bit address space of docs/protocol.md section 1 and the one phantom parameter of all guest
 * methods: it exists on the JVM and vanishes in the VM. Integers are little-endian. Every access
 * must be naturally aligned and inside its region, else {@link GuestFault}; CODE and SCRATCH cannot
 * be reached.
 *
 * <p>Methods are of two kinds. Loads, stores and the V register are single instructions of the VM.
 * The others are kernels: their body here calls the plain form in {@link Kernels}, which the
 * translator compiles in their place, and a subclass may override them with faster twins that store
 * the same bytes at the same addresses and no others.
 */
public abstract class Memory {
  private static final long NIBBLES = 0x0f0f_0f0f_0f0f_0f0fL;

  // the V register, eight signed bytes each, the first lowest
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Sign-extended byte. */
  public abstract int loadI8(long address);

  /** Zero-extended byte. */
  public abstract int loadU8(long address);

  /** Sign-extended 16-bit integer. */
  public abstract int loadI16(long address);

  /** Zero-extended 16-bit integer. */
  public abstract int loadU16(long address);

  /** 32-bit integer. */
  public abstract int loadI32(long address);

  /** 64-bit integer. */
  public abstract long loadI64(long address);

  /** Low 8 bits of the value. */
  public abstract void storeI8(long address, int value);

  /** Low 16 bits of the value. */
  public abstract void storeI16(long address, int value);

  /** 32-bit integer. */
  public abstract void storeI32(long address, int value);

  /** 64-bit integer. */
  public abstract void storeI64(long address, long value);

  /** Single-precision float. */
  public float loadF32(long address) {
    return Float.intBitsToFloat(loadI32(address));
  }

  /** Half-precision float, widened exactly. */
  public float loadF16(long address) {
    return Floats.half(loadU16(address));
  }

  /** Single-precision float; NaN is stored as 7fc00000 (INV-07). */
  public void storeF32(long address, float value) {
    storeI32(address, Floats.bits(value));
  }

  /** V = 32 signed bytes; 32-byte alignment. */
  public void vload(long address) {
    align(address, 32);
    v0 = loadI64(address);
    v1 = loadI64(address + 8);
    v2 = loadI64(address + 16);
    v3 = loadI64(address + 24);
  }

  /** V = 32 nibbles of 16 bytes, low nibbles first; 16-byte alignment. */
  public void vload4(long address) {
    align(address, 16);
    long a = loadI64(address);
    long b = loadI64(address + 8);
    v0 = a & NIBBLES;
    v1 = b & NIBBLES;
    v2 = a >>> 4 & NIBBLES;
    v3 = b >>> 4 & NIBBLES;
  }

  /** Sum of V[i] * s16(address, i) for i = 0..15; 32-byte alignment. */
  public int dotl(long address) {
    align(address, 32);
    return dot(v0, address) + dot(v1, address + 16);
  }

  /** Sum of V[16 + i] * s16(address, i) for i = 0..15; 32-byte alignment. */
  public int doth(long address) {
    align(address, 32);
    return dot(v2, address) + dot(v3, address + 16);
  }

  private int dot(long v, long address) {
    long a = loadI64(address);
    long b = loadI64(address + 8);
    return (byte) v * (short) a
        + (byte) (v >>> 8) * (short) (a >>> 16)
        + (byte) (v >>> 16) * (short) (a >>> 32)
        + (byte) (v >>> 24) * (short) (a >>> 48)
        + (byte) (v >>> 32) * (short) b
        + (byte) (v >>> 40) * (short) (b >>> 16)
        + (byte) (v >>> 48) * (short) (b >>> 32)
        + (byte) (v >>> 56) * (short) (b >>> 48);
  }

  private static void align(long address, int size) {
    if ((address & (size - 1)) != 0) {
      throw new GuestFault("misaligned vector access at " + Long.toHexString(address));
    }
  }

  /**
   * Quantizes activations into blocks of 32 (docs/protocol.md section 8): int16 plane at {@code
   * out}, then scales (f32) and sums of q (i32), one per block, where {@link Quantized} says. A
   * block with NaN or infinity becomes zeros.
   *
   * @param x n floats
   * @param n a multiple of 32, at most {@link Header#MAX_INNER}
   * @param limit largest magnitude Q
   * @return 1 when some block was not finite, else 0
   */
  public int quantize(long x, int n, int limit, long out) {
    return Kernels.quantize(this, x, n, limit, out);
  }

  /**
   * Rows {@code first .. first + rows} of a matrix times a quantized vector; out[r] for r in that
   * range.
   *
   * @param tensor address of the tensor's entry ({@link Tensor})
   * @param rows rows * ceil(blocks of a row / 8) is at most {@link Header#MAX_GROUPS}
   * @param x a vector made by {@link #quantize}
   * @param out float of row 0
   */
  public void matrix(long tensor, int first, int rows, long x, long out) {
    Kernels.matrix(this, tensor, first, rows, x, out);
  }

  /** Row {@code row} of a matrix as floats at {@code out}. */
  public void embed(long tensor, int row, long out) {
    Kernels.embed(this, tensor, row, out);
  }

  /** out_i = x_i * (1 / sqrt(sum(x^2) / n + eps)) * weight_i; eps and dimension from the header. */
  public void normalize(long x, long weight, long out) {
    Kernels.normalize(this, x, weight, out);
  }

  /**
   * Rotates neighbouring pairs of each head vector in place.
   *
   * @param table headDim / 2 pairs (cos, sin) of the position
   */
  public void rotate(long x, int heads, int headDim, long table) {
    Kernels.rotate(this, x, heads, headDim, table);
  }

  /**
   * Quantizes one head vector with one scale: n int16 at {@code out}, f32 at {@code scale}.
   *
   * @return 1 when it was not finite (zeros are stored), else 0
   */
  public int quantizeHead(long x, int n, int limit, long out, long scale) {
    return Kernels.quantizeHead(this, x, n, limit, out, scale);
  }

  /**
   * Like {@link #quantizeHead} but q = 128 * hi + lo as two planes of n bytes, hi first: what vload
   * reads.
   *
   * @return 1 when it was not finite (zeros are stored), else 0
   */
  public int quantizeQuery(long x, int n, int limit, long out, long scale) {
    return Kernels.quantizeQuery(this, x, n, limit, out, scale);
  }

  /**
   * Attention output for dimensions {@code first .. first + dims} of the concatenated heads over
   * positions 0 .. positions. At a head's first dimension its softmax weights are computed into the
   * score buffer; a range that starts inside a head reads them there.
   *
   * @param dims whole heads, or a part of one head; dims * positions at most {@link
   *     Header#MAX_ATTENTION} or one chunk of 32
   */
  public void attend(int layer, int first, int dims, int positions) {
    Kernels.attend(this, layer, first, dims, positions);
  }

  /** gate_i = silu(gate_i) * up_i in place. */
  public void activate(long gate, long up, int n) {
    Kernels.activate(this, gate, up, n);
  }

  /** x_i = x_i + y_i in place. */
  public void add(long x, long y, int n) {
    Kernels.add(this, x, y, n);
  }

  /**
   * Index of the largest of n floats, the lowest index among equals; NaN never wins; 0 when all are
   * NaN.
   */
  public int argmax(long x, int n) {
    return Kernels.argmax(this, x, n);
  }

  /** Stores n zero bytes; address and n are multiples of 64. */
  public void clear(long address, int n) {
    Kernels.clear(this, address, n);
  }
}
