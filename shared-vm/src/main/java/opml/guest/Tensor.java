package opml.guest;

/**
 * An entry of the tensor table in WEIGHTS, 64 bytes. Planes are row-major and 64-byte aligned, each
 * followed by at least 64 zero bytes. Types are GGUF's numbers.
 *
 * <pre>
 * type    plane 0, per 32 values   plane 1                         plane 2
 * F32     floats, norms only
 * Q4_0    16 B nibbles             d f16 per 32
 * Q4_1    16 B nibbles             d f16 per 32                    m f16 per 32
 * Q8_0    32 B signed              d f16 per 32                               (Q5_0 is widened to it)
 * Q5_1    32 B 0..31               d f16 per 32                    m f16 per 32
 * K formats, super-blocks of 256 = blocks b = 0..7 of 32, 16 B a super-block in plane 1:
 * Q4_K    16 B nibbles             sc u8 [b], mn u8 [b]            d, dmin f16 per 256
 * Q5_K    32 B 0..31               sc u8 [b], mn u8 [b]            d, dmin f16 per 256
 * Q6_K    32 B -32..31             s8 [b], s8 [b] (halves)         d f16 per 256
 * Q3_K    16 B nibbles 0..7        s8 [b], s8 [b] (halves)         d f16 per 256
 * Q2_K    16 B nibbles 0..3        sc + 16 mn [b], [b] (halves)    d, dmin f16 per 256
 * </pre>
 *
 * Nibbles: byte i holds value i low and value 16 + i high. Halves: the first 8 bytes are of values
 * 0..15 of each block, the second 8 of values 16..31. Plane 3 of q, k and v is their bias, a float
 * a row, or 0.
 */
public final class Tensor {
  /** u32 type. */
  public static final int TYPE = 0;

  /** u32 rows; 0 when the rows are joined to an earlier tensor. */
  public static final int ROWS = 4;

  /** u32 columns, a multiple of 32. */
  public static final int COLUMNS = 8;

  /** u64 address of plane 0; planes 1 and 2 follow, 0 when the type has none. */
  public static final int PLANES = 16;

  /** u64 address of the bias, 0 when there is none; read in q, k and v only. */
  public static final int BIAS = 40;

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

  /** GGUF type number. */
  public static final int Q2_K = 10;

  /** GGUF type number. */
  public static final int Q3_K = 11;

  /** GGUF type number. */
  public static final int Q4_K = 12;

  /** GGUF type number. */
  public static final int Q5_K = 13;

  /** GGUF type number. */
  public static final int Q6_K = 14;

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

  /** Whether a type has super-blocks of 256 values. */
  public static boolean isSuper(int type) {
    return type >= Q2_K && type <= Q6_K;
  }
}
