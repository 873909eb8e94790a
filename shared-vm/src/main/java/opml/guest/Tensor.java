package opml.guest;

/**
 * An entry of the tensor table in WEIGHTS, 64 bytes. Planes are row-major and 64-byte aligned, each
 * followed by at least 64 zero bytes. Types are GGUF's numbers. Per block of 32 values:
 *
 * <pre>
 * type        plane 0 (quants)        plane 1        plane 2
 * F32         floats, norms only
 * Q4_0        16 B nibbles            d f16
 * Q4_1        16 B nibbles            d f16          m f16
 * Q8_0        32 B signed             d f16                      (Q5_0 is widened to it)
 * Q5_1        32 B 0..31              d f16          m f16
 * planned, blocks of 256 = 8 sub-blocks of 32:
 * Q4_K        16 B nibbles            sc u8          mn u8       plane 3: d, dmin f16 per 256
 * Q5_K        32 B 0..31              sc u8          mn u8       plane 3: d, dmin f16 per 256
 * Q6_K        32 B signed             sc0, sc1 s8    d f16 per 256
 * </pre>
 *
 * Nibbles: byte i holds value i low and value 16 + i high.
 */
public final class Tensor {
  /** u32 type. */
  public static final int TYPE = 0;

  /** u32 rows; 0 when the rows are joined to an earlier tensor. */
  public static final int ROWS = 4;

  /** u32 columns, a multiple of 32. */
  public static final int COLUMNS = 8;

  /** u64 address of plane 0; planes 1 to 3 follow, 0 when the type has none. */
  public static final int PLANES = 16;

  /** Bytes of an entry. */
  public static final int BYTES = 64;

  /** GGUF type number. */
  public static final int F32 = 0;

  /** GGUF type number. */
  public static final int Q4_0 = 2;

  /** GGUF type number. */
  public static final int Q4_1 = 3;

  /** GGUF type number. */
  public static final int Q5_1 = 7;

  /** GGUF type number. */
  public static final int Q8_0 = 8;

  /** Index of the token embedding. */
  public static final int EMBEDDING = 0;

  /** Index of the output matrix; tied models repeat the embedding's entry. */
  public static final int OUTPUT = 1;

  /** Index of the final norm. */
  public static final int OUTPUT_NORM = 2;

  /** Index of the first layer's first tensor. */
  public static final int LAYERS = 3;

  /** Tensors of a layer, in the order of the constants below. */
  public static final int PER_LAYER = 9;

  /** F32, dim. */
  public static final int ATTENTION_NORM = 0;

  /** heads * headDim rows; with K and V joined to it when all three have one type. */
  public static final int QUERY = 1;

  /** kvHeads * headDim rows. */
  public static final int KEY = 2;

  /** kvHeads * headDim rows. */
  public static final int VALUE = 3;

  /** dim rows of heads * headDim columns. */
  public static final int ATTENTION_OUTPUT = 4;

  /** F32, dim. */
  public static final int FFN_NORM = 5;

  /** ffn rows; with UP joined to it when both have one type. */
  public static final int GATE = 6;

  /** ffn rows. */
  public static final int UP = 7;

  /** dim rows of ffn columns. */
  public static final int DOWN = 8;

  private Tensor() {}
}
