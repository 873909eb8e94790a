package opml.guest;

/**
 * Byte offsets inside the tokenizer's area of STATE. The area is zero before the prompt is read and
 * zero again afterwards.
 */
public final class TokenizerState {
  static final int PHASE = 0;

  /** Next byte of INPUT to read, and the end of the body. */
  static final int CURSOR = 4;

  static final int END = 8;
  static final int TEXT_LENGTH = 12;

  /** The literal being copied: offset in the table, bytes left, phase that follows. */
  static final int LITERAL = 16;

  static final int LITERAL_LEFT = 20;
  static final int AFTER_LITERAL = 24;

  /** The message being copied. */
  static final int MESSAGES = 28;

  static final int ROLE = 32;
  static final int CONTENT_END = 36;

  /**
   * The walk through the trie of special tokens: node, bytes walked, longest match. Later the node
   * of the trie of whole words, and whether a message's content has begun.
   */
  static final int NODE = 40;

  static final int DEPTH = 44;
  static final int MATCH_LENGTH = 48;
  static final int MATCH_TOKEN = 52;

  /** The word: offsets in TEXT, class of its run, start of the run's last character. */
  static final int WORD = 56;

  static final int WORD_END = 60;
  static final int POSITION = 64;
  static final int RUN = 68;
  static final int LAST = 72;

  /** The merge loop: symbols, leaves of the tree, index of a pass over either. */
  static final int SYMBOLS = 76;

  static final int LEAVES = 80;
  static final int INDEX = 84;

  /** Largest LEAVES so far: what has to be cleared. */
  static final int USED = 88;

  static final int TOKENS = 92;
  static final int RESULT = 96;

  /** End of the last CR or LF in a run of space; 0 when it has none. */
  static final int NEWLINE_END = 100;

  /** End of the message's content without the white space that is left out. */
  static final int TRIMMED_END = 104;

  static final int CONTROL_BYTES = 128;

  /** The expanded prompt: UTF-8 and markers. */
  static final int TEXT = CONTROL_BYTES;

  static final int TEXT_CAPACITY = 1 << 17;

  /** Longest word in bytes; larger than a body, so only a template could exceed it. */
  static final int MAX_WORD = 1 << 15;

  /** i32 by symbol: token, next symbol, previous symbol. */
  static final int IDS = TEXT + TEXT_CAPACITY;

  static final int NEXT = IDS + 4 * MAX_WORD;
  static final int PREVIOUS = NEXT + 4 * MAX_WORD;

  /**
   * i32 [2 * LEAVES]: node i is the least of nodes 2i and 2i+1; leaf LEAVES + i is the rank of the
   * pair that starts at symbol i.
   */
  static final int RANKS = PREVIOUS + 4 * MAX_WORD;

  /** Size of the whole area, a multiple of 64. */
  public static final int BYTES = RANKS + 8 * MAX_WORD;

  static final int NO_MERGE = 0x7fffffff;

  private TokenizerState() {}
}
