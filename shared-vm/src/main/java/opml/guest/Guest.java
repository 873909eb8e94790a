package opml.guest;

/** The program: one operator a call, chosen by the phase in the control block. */
public final class Guest {
  /** Phase: nothing was done yet. */
  public static final int P_START = 0;

  /** Phase: the tokenizer's operators. */
  public static final int P_TOKENIZE = 1;

  /** Phase: the stages of one token's forward pass. */
  public static final int P_FORWARD = 2;

  /** Phase: the sampler's operators. */
  public static final int P_SAMPLE = 3;

  /** Phase: the detokenizer's operators for the chosen token. */
  public static final int P_DETOKENIZE = 4;

  /** Phase: activations become zero, next token. */
  public static final int P_CLEAR = 5;

  /** Phase: header of the answer, EXIT. */
  public static final int P_FINISH = 6;

  private Guest() {}

  /**
   * Runs one operator.
   *
   * @return 0 = YIELD, 1 = EXIT
   */
  public static int step(Memory m) {
    int phase = m.loadI32(Control.PHASE);
    if (phase == P_FORWARD) {
      return Forward.operator(m);
    }
    if (phase == P_START) {
      return Start.operator(m);
    }
    if (phase == P_CLEAR) {
      return Tokens.clear(m);
    }
    if (phase == P_FINISH) {
      return Tokens.finish(m);
    }
    return Tokens.text(m, phase);
  }
}
