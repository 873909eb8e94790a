package opml.perceptron;

/**
 * The model header at the start of WEIGHTS and the places in STATE (docs/protocol.md section 8, The
 * perceptron). Constants are absolute addresses.
 */
public final class PerceptronHeader {
  /** Base of the WEIGHTS region. */
  public static final long BASE = 3L << 40;

  /** Value of {@link #MAGIC}. */
  public static final int MAGIC_VALUE = 0x504d504f;

  /** Size; unused bytes are zero. */
  public static final int BYTES = 64;

  /** u32 0x504d504f, "OPMP". */
  public static final long MAGIC = BASE;

  /** u32 1. */
  public static final long VERSION = BASE + 4;

  /** u32 bytes of an image, 1 to {@link #MAX_WIDTH}. */
  public static final long INPUTS = BASE + 8;

  /** u32 layers, 1 to {@link #MAX_LAYERS}. */
  public static final long LAYERS = BASE + 12;

  /** u32 largest activation magnitude Q. */
  public static final long LIMIT = BASE + 16;

  /** u64 address of the tensor table: per layer weights (Q8_0) and bias (F32). */
  public static final long TENSORS = BASE + 24;

  /** Widest layer. */
  public static final int MAX_WIDTH = 1024;

  /** Most layers. */
  public static final int MAX_LAYERS = 8;

  /** Most classes: each is answered as one digit. */
  public static final int MAX_CLASSES = 10;

  /** STATE address of the values between layers: MAX_WIDTH floats. */
  public static final long VALUES = 4096;

  /** STATE address of their quantized form ({@link opml.guest.Quantized}). */
  public static final long QUANTIZED = VALUES + 4 * MAX_WIDTH;

  /** log2 of the leaves of STATE. */
  public static final int STATE_SIZE = 9;

  private PerceptronHeader() {}
}
