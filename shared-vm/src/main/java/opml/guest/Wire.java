package opml.guest;

/**
 * Offsets of request and answer (docs/protocol.md section 6) as absolute addresses, and their
 * codes.
 */
public final class Wire {
  /** Base of the INPUT region. */
  public static final long INPUT = 2L << 40;

  /** u32: {@link #RAW}, {@link #CHAT} or {@link #IMAGE}. */
  public static final long KIND = INPUT;

  /** u32 1..context. */
  public static final long MAX_TOKENS = INPUT + 4;

  /** f32, 0 = greedy. */
  public static final long TEMPERATURE = INPUT + 8;

  /** u32 0..64. */
  public static final long TOP_K = INPUT + 12;

  /** f32 in (0, 1]. */
  public static final long TOP_P = INPUT + 16;

  /** u32 bytes of the body. */
  public static final long BODY_LENGTH = INPUT + 20;

  /** u64. */
  public static final long SEED = INPUT + 24;

  /** First byte of the body. */
  public static final long BODY = INPUT + 32;

  /** Most body bytes: 32 KiB less the header. */
  public static final int MAX_BODY = (1 << 15) - 32;

  /** Kind: text whose special tokens are parsed. */
  public static final int RAW = 0;

  /** Kind: messages, special tokens in contents are plain text. */
  public static final int CHAT = 1;

  /** Kind: bytes of an image, for programs that take one. */
  public static final int IMAGE = 2;

  /** Base of the OUTPUT region: u32 status, promptTokens, completionTokens, length. */
  public static final long OUTPUT = 4L << 40;

  /** First byte of the answer's text. */
  public static final long TEXT = OUTPUT + 16;

  /** Most text bytes: 64 KiB less the header. */
  public static final int MAX_TEXT = (1 << 16) - 16;

  /** Longest token in bytes; a longer one makes the model unfit. */
  public static final int MAX_TOKEN_BYTES = 1024;

  /** Status: a stop token was chosen. */
  public static final int STOP = 0;

  /** Status: maxTokens, the context or the output region is used up. */
  public static final int LENGTH = 1;

  /** Status: the prompt does not leave room for one token. */
  public static final int PROMPT_TOO_LONG = 2;

  /** Status: the request breaks section 6. */
  public static final int BAD_REQUEST = 3;

  /** Status: NaN or infinity was met. */
  public static final int NUMERIC = 4;

  /** Status: header outside the caps. */
  public static final int BAD_MODEL = 5;

  private Wire() {}
}
