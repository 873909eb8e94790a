package opml.guest;

/**
 * The model header: the first {@link #BYTES} bytes of WEIGHTS, written by the importer, only read
 * by the guest. Constants are absolute addresses. Outside the caps (MAX_...) the guest answers
 * BAD_MODEL.
 */
public final class Header {
  /** Base of the WEIGHTS region. */
  public static final long BASE = 3L << 40;

  /** Value of {@link #MAGIC}. */
  public static final int MAGIC_VALUE = 0x4c4d504f;

  /** Size; unused bytes are zero. */
  public static final int BYTES = 512;

  /** u32 0x4c4d504f, "OPML". */
  public static final long MAGIC = BASE + 0;

  /** u32 1. */
  public static final long VERSION = BASE + 4;

  /** u32 residual width, a multiple of 32. */
  public static final long DIM = BASE + 8;

  /** u32. */
  public static final long LAYERS = BASE + 12;

  /** u32 query heads. */
  public static final long HEADS = BASE + 16;

  /** u32 key/value heads; divides HEADS. */
  public static final long KV_HEADS = BASE + 20;

  /** u32, a multiple of 32. */
  public static final long HEAD_DIM = BASE + 24;

  /** u32 feed-forward width, a multiple of 32. */
  public static final long FFN = BASE + 28;

  /** u32 tokens. */
  public static final long VOCAB = BASE + 32;

  /** u32 positions. */
  public static final long CONTEXT = BASE + 36;

  /** f32 of the norms. */
  public static final long EPSILON = BASE + 40;

  /** u32 largest activation magnitude Q: 16383 exact, 1023 fast. */
  public static final long LIMIT = BASE + 44;

  /** u32 largest magnitude of K and q: min(4095, sqrt((2^31-1)/headDim)). */
  public static final long HEAD_LIMIT = BASE + 48;

  /** f32 1/sqrt(headDim). */
  public static final long SCORE_SCALE = BASE + 52;

  /** u32 stop tokens, 0..8. */
  public static final long STOP_COUNT = BASE + 56;

  /** 8 x u32 stop token ids. */
  public static final long STOPS = BASE + 64;

  /** u64 address of the tensor table ({@link Tensor}). */
  public static final long TENSORS = BASE + 96;

  /** u64 address of the RoPE table: context x headDim/2 x (cos f32, sin f32). */
  public static final long ROPE = BASE + 104;

  /** u64 address of the tokenizer's section. */
  public static final long TOKENIZER = BASE + 112;

  /** u64 length of the tokenizer's section. */
  public static final long TOKENIZER_BYTES = BASE + 120;

  /** u64 STATE address: context x i32 token ids, prompt then answer. */
  public static final long TOKENS = BASE + 128;

  /** u64 STATE address of the tokenizer's area. */
  public static final long TOKENIZER_STATE = BASE + 136;

  /** u64 size of the tokenizer's area. */
  public static final long TOKENIZER_STATE_BYTES = BASE + 144;

  /** u64 STATE address: layer x kvHead x context x headDim x s16. */
  public static final long KEYS = BASE + 152;

  /** u64 STATE address: layer x kvHead x context x f32. */
  public static final long KEY_SCALES = BASE + 160;

  /** u64 STATE address: as KEYS. */
  public static final long VALUES = BASE + 168;

  /** u64 STATE address: as KEY_SCALES. */
  public static final long VALUE_SCALES = BASE + 176;

  /** u64 STATE address of the area that is zero at every token's end (INV-08), 64-byte aligned. */
  public static final long ACTIVATIONS = BASE + 184;

  /** u64 its size, a multiple of 64. */
  public static final long ACTIVATION_BYTES = BASE + 192;

  /** u64 residual stream: dim floats. */
  public static final long HIDDEN = BASE + 200;

  /** u64 output of a norm: dim floats. */
  public static final long NORMED = BASE + 208;

  /** u64 {@link Quantized} of dim values. */
  public static final long INPUT = BASE + 216;

  /** u64 q, k, v: (heads + 2 kvHeads) * headDim floats. */
  public static final long PROJECTED = BASE + 224;

  /** u64 head x (hi plane, lo plane of headDim bytes). */
  public static final long QUERIES = BASE + 232;

  /** u64 head x f32. */
  public static final long QUERY_SCALES = BASE + 240;

  /**
   * u64 {@link #MAX_SCORES} floats: softmax weights of the heads of one operator, one head after
   * the other, {@code positions} each.
   */
  public static final long SCORES = BASE + 248;

  /** u64 attention output: heads * headDim floats. */
  public static final long MIXED = BASE + 256;

  /** u64 {@link Quantized} of heads * headDim values. */
  public static final long MIXED_INPUT = BASE + 264;

  /** u64 what a block adds to the residual stream: dim floats. */
  public static final long DELTA = BASE + 272;

  /** u64 gate, up: 2 * ffn floats. */
  public static final long GATED = BASE + 280;

  /** u64 {@link Quantized} of ffn values. */
  public static final long GATED_INPUT = BASE + 288;

  /** u64 vocab floats, written for the last prompt token and generated ones. */
  public static final long LOGITS = BASE + 296;

  /** u64 STATE address of the sampler's area, inside the activations. */
  public static final long SAMPLER_STATE = BASE + 304;

  /** u64 size of the sampler's area. */
  public static final long SAMPLER_STATE_BYTES = BASE + 312;

  /** 32 bytes 1, 32-byte aligned: V of this times activations is their sum. */
  public static final long ONES = BASE + 320;

  /** Largest dim. */
  public static final int MAX_DIM = 8192;

  /** Most layers. */
  public static final int MAX_LAYERS = 256;

  /** Most query heads. */
  public static final int MAX_HEADS = 256;

  /** Largest head dimension. */
  public static final int MAX_HEAD_DIM = 256;

  /** Largest ffn and heads * headDim: the longest quantized vector. */
  public static final int MAX_INNER = 1 << 15;

  /** Most rows of q, k and v together. */
  public static final int MAX_PROJECTED = 3 << 14;

  /** Most tokens. */
  public static final int MAX_VOCAB = 1 << 18;

  /** Most positions. */
  public static final int MAX_CONTEXT = 8192;

  /** Largest activation area. */
  public static final int MAX_ACTIVATION_BYTES = 1 << 22;

  /** Most rows * ceil(blocks of a row / 8) of a matrix in one operator. */
  public static final int MAX_GROUPS = 18 << 10;

  /** Most positions * dimensions of attention in one operator. */
  public static final int MAX_ATTENTION = 1 << 18;

  /** Floats of the score buffer. */
  public static final int MAX_SCORES = 1 << 13;

  private Header() {}
}
