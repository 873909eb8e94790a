package opml.guest;

/**
 * The control block: the first {@link #BYTES} bytes of STATE. Constants are absolute addresses. All
 * zero at the start.
 */
public final class Control {
  /** Size; unused bytes are zero. */
  public static final int BYTES = 256;

  /** u32, see the P_ constants of {@link Guest}. */
  public static final long PHASE = 0;

  /** u32 status of the answer (section 6). */
  public static final long STATUS = 4;

  /** u32 stage within a token. */
  public static final long STAGE = 8;

  /** u32 layer of the current token. */
  public static final long LAYER = 12;

  /** u32 next row, dimension or token of the current stage. */
  public static final long CURSOR = 16;

  /** u32 position of the token being processed. */
  public static final long POSITION = 20;

  /** u32 tokens of the prompt; written by the tokenizer. */
  public static final long PROMPT_TOKENS = 24;

  /** u32 tokens in the token array. */
  public static final long TOKEN_COUNT = 28;

  /** u32 generated tokens, stop token not counted. */
  public static final long COMPLETION_TOKENS = 32;

  /** u32 bytes of text in OUTPUT after its header; advanced by the detokenizer. */
  public static final long TEXT_LENGTH = 36;

  /** u32 token chosen by the sampler. */
  public static final long NEXT_TOKEN = 40;

  /** u32 maxTokens of the request. */
  public static final long MAX_TOKENS = 44;

  private Control() {}
}
