package opml.guest;

/**
 * Byte offsets inside the tokenizer section of WEIGHTS (docs/protocol.md, section 8, "Tokenizer").
 * The section is self-contained: every offset field counts bytes from its start, every number is
 * little-endian.
 */
public final class TokenizerTable {
  /** "BPE2" as a little-endian word: pair encoding, layout 2. */
  public static final int MAGIC = 0x32455042;

  public static final int AT_MAGIC = 0;
  public static final int AT_VOCABULARY = 4;

  /** 1 when the model brings a chat template that this section can express. */
  public static final int AT_CHAT = 8;

  /** Number of merges; the hash has 2^bits slots, its seed keeps every probe within MAX_PROBE. */
  public static final int AT_MERGES = 12;

  public static final int AT_HASH_BITS = 16;
  public static final int AT_HASH_SEED = 20;

  /** i64 slots: left << 42 | right << 21 | rank; -1 where empty. */
  public static final int AT_HASH = 24;

  /** i32 by rank: the token a merge makes. */
  public static final int AT_MERGED = 28;

  /** 256 i32: the token of a single byte, -1 where there is none (such bytes are dropped). */
  public static final int AT_BYTES = 32;

  /** u8 by code point >> 7: number of a class block of 128 u8 classes. */
  public static final int AT_CLASS_INDEX = 36;

  public static final int AT_CLASS_BLOCKS = 40;

  /** 256 u8: column of a byte in the trie of special tokens, 0 when it is in none. */
  public static final int AT_TRIE_COLUMNS = 44;

  /** u16 [node][column]: next node, 0 when there is none; node 0 is the root. */
  public static final int AT_TRIE = 48;

  public static final int AT_TRIE_WIDTH = 52;

  /** i32 by node: the special token that ends there, or -1. */
  public static final int AT_TRIE_TOKENS = 56;

  /**
   * i32 by token, vocabulary + 1 of them: where its text starts in AT_TEXT; special tokens have
   * none.
   */
  public static final int AT_TEXT_INDEX = 60;

  public static final int AT_TEXT = 64;

  /** How text is cut into words: one of the STYLE constants. */
  public static final int AT_STYLE = 68;

  /** Ten literals, each i32 offset and i32 length, in the order of the LITERAL constants. */
  public static final int AT_LITERALS = 72;

  /** Before a raw text. */
  public static final int LITERAL_RAW = 0;

  /** Before a conversation. */
  public static final int LITERAL_CHAT = 1;

  /** The whole system message of a conversation that brings none. */
  public static final int LITERAL_SYSTEM = 2;

  /** Before the content of a message; plus the role 0 system, 1 user, 2 assistant. */
  public static final int LITERAL_OPEN = 3;

  /** After the content of a message; plus the role. */
  public static final int LITERAL_CLOSE = 6;

  /** After the last message: opens the answer. */
  public static final int LITERAL_ANSWER = 9;

  /** Most number characters of a word, for {@link #STYLE_CASELESS}. */
  public static final int AT_DIGITS = 152;

  /**
   * A second trie, its four fields as those from {@link #AT_TRIE_COLUMNS} on: words that are one
   * token though merges would not make it.
   */
  public static final int AT_WHOLE = 156;

  /** For {@link #STYLE_SENTENCE}: u16 by code point >> 7: number of a block of 128 i32. */
  public static final int AT_CHARACTER_INDEX = 172;

  /** The blocks: the token of each character, or -1: its bytes have tokens of their own. */
  public static final int AT_CHARACTERS = 176;

  /** i32: the token in front of every piece of text, or -1. */
  public static final int AT_PREFIX = 180;

  /** 1 when ASCII white space around the content of a message is left out. */
  public static final int AT_TRIM = 184;

  public static final int HEADER_BYTES = 192;

  /** Words are those of {@link Words}. */
  public static final int STYLE_CLASSIC = 0;

  /** Words are those of {@link CaselessWords}. */
  public static final int STYLE_CASELESS = 1;

  /** No words: symbols are characters, and everything between markers is one word. */
  public static final int STYLE_SENTENCE = 2;

  public static final int MAX_PROBE = 16;
  public static final int MAX_TOKEN_BYTES = 256;
  public static final int MAX_VOCABULARY = 1 << 18;

  /**
   * In a literal and in the expanded text: this byte, then a token number in 3 bytes. Never part of
   * UTF-8.
   */
  public static final int MARKER = 0xff;

  public static final int CLASS_OTHER = 0;
  public static final int CLASS_LETTER = 1;
  public static final int CLASS_NUMBER = 2;
  public static final int CLASS_SPACE = 3;

  /** A number that is always a word of its own. */
  public static final int CLASS_DIGIT = 4;

  /** CR and LF, where the style tells them from other space. */
  public static final int CLASS_NEWLINE = 5;

  private TokenizerTable() {}
}
