package opml.guest;

/**
 * From the request to prompt tokens: checks and expands the body (raw text or conversation), splits
 * it into words and merges each by byte-level pair encoding. Equal to the reference on every text
 * (docs/protocol.md, section 8, "Tokenizer").
 *
 * <p>The work is cut into small pieces of bounded cost, one per turn of the loop in {@link #step};
 * an operator is {@link #TURNS} of them. All progress lies in the area of STATE, which is zero
 * again at the end.
 */
public final class Tokenizer {
  /** More operators are needed. */
  public static final int RUNNING = -1;

  /** The prompt has more tokens than the context. */
  public static final int PROMPT_TOO_LONG = -3;

  /**
   * Malformed UTF-8, an unknown role, a message cut short, a conversation without a template, or
   * nothing to read.
   */
  public static final int BAD_REQUEST = -4;

  static final int START = 0;
  static final int LITERAL = 1;
  static final int RAW = 2;
  static final int MESSAGE = 3;
  static final int CONTENT = 4;
  static final int SPLIT = 5;
  static final int LOAD = 6;
  static final int TREE = 7;
  static final int MERGE = 8;
  static final int EMIT = 9;
  static final int CLEAR = 10;
  static final int DONE = 11;

  /** Pieces of work in one operator. */
  private static final int TURNS = 1024;

  private Tokenizer() {}

  /**
   * One operator of work.
   *
   * @param table address of the tokenizer section in WEIGHTS, a multiple of 8
   * @param area address of the tokenizer area in STATE, a multiple of 8, {@link
   *     TokenizerState#BYTES} long
   * @param tokens address in STATE of {@code context} i32, filled from the start
   * @return the number of tokens (at least 1) when done, {@link #RUNNING}, {@link #PROMPT_TOO_LONG}
   *     or {@link #BAD_REQUEST}
   */
  public static int step(Memory m, long table, long area, long tokens, int context) {
    for (int turn = 0; turn < TURNS; turn++) {
      Bounds.loop(TURNS);
      int phase = m.loadI32(area + TokenizerState.PHASE);
      if (phase == DONE) {
        break;
      }
      turn(m, table, area, tokens, context, phase);
      int result = m.loadI32(area + TokenizerState.RESULT);
      if (result < 0) {
        return result;
      }
    }
    if (m.loadI32(area + TokenizerState.PHASE) != DONE) {
      return RUNNING;
    }
    int count = m.loadI32(area + TokenizerState.TOKENS);
    m.storeI32(area + TokenizerState.PHASE, 0);
    m.storeI32(area + TokenizerState.TOKENS, 0);
    return count > 0 ? count : BAD_REQUEST;
  }

  private static void turn(Memory m, long table, long area, long tokens, int context, int phase) {
    if (phase == MERGE) {
      Merges.merge(m, table, area);
    } else if (phase == LOAD) {
      Merges.load(m, table, area);
    } else if (phase == TREE) {
      Merges.tree(m, area);
    } else if (phase == SPLIT) {
      Words.split(m, table, area, tokens, context);
    } else if (phase == EMIT) {
      Merges.emit(m, area, tokens, context);
    } else if (phase == CONTENT) {
      ChatTemplate.content(m, table, area);
    } else if (phase == RAW) {
      RawText.read(m, table, area);
    } else if (phase == LITERAL) {
      Expansion.literal(m, table, area);
    } else if (phase == MESSAGE) {
      ChatTemplate.message(m, table, area);
    } else if (phase == START) {
      Expansion.start(m, table, area);
    } else {
      clear(m, area);
    }
  }

  /**
   * Zeroes 64 bytes of the used area, symbols and ranks first, then the text, at last the control
   * block (INV-08).
   */
  private static void clear(Memory m, long area) {
    int used = m.loadI32(area + TokenizerState.USED);
    int index = m.loadI32(area + TokenizerState.INDEX);
    int text = m.loadI32(area + TokenizerState.TEXT_LENGTH);
    if (index * 16 < used) {
      zero(m, area + TokenizerState.IDS + index * 64L);
      zero(m, area + TokenizerState.NEXT + index * 64L);
      zero(m, area + TokenizerState.PREVIOUS + index * 64L);
      zero(m, area + TokenizerState.RANKS + index * 128L);
      zero(m, area + TokenizerState.RANKS + index * 128L + 64);
    }
    if (index * 64 < text) {
      zero(m, area + TokenizerState.TEXT + index * 64L);
    }
    index++;
    m.storeI32(area + TokenizerState.INDEX, index);
    if (index * 16 >= used && index * 64 >= text) {
      int count = m.loadI32(area + TokenizerState.TOKENS);
      zero(m, area);
      zero(m, area + 64);
      m.storeI32(area + TokenizerState.TOKENS, count);
      m.storeI32(area + TokenizerState.PHASE, DONE);
    }
  }

  private static void zero(Memory m, long at) {
    for (int i = 0; i < 64; i += 8) {
      Bounds.loop(8);
      m.storeI64(at + i, 0);
    }
  }
}
