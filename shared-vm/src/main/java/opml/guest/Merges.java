package opml.guest;

/**
 * Pair encoding of one word, of bytes or of characters: while some adjacent pair has a rank, the
 * pair of least rank, leftmost among equals, becomes one symbol. The ranks are the leaves of a tree
 * of minima, so that a merge costs logarithmic work in words of any length.
 */
public final class Merges {
  private static final int TREE_HEIGHT = 15;
  private static final int NONE = -1;

  private Merges() {}

  /** Prepares the word from WORD to {@code end}, with {@code more} symbols than it has bytes. */
  static void start(Memory m, long area, int end, int more) {
    int bytes = end - m.loadI32(area + TokenizerState.WORD) + more;
    if (bytes > TokenizerState.MAX_WORD) {
      Expansion.fail(m, area, Tokenizer.PROMPT_TOO_LONG);
    }
    int leaves = 1;
    while (leaves < bytes && leaves < TokenizerState.MAX_WORD) {
      Bounds.loop(TREE_HEIGHT);
      leaves <<= 1;
    }
    if (leaves > m.loadI32(area + TokenizerState.USED)) {
      m.storeI32(area + TokenizerState.USED, leaves);
    }
    m.storeI32(area + TokenizerState.LEAVES, leaves);
    m.storeI32(area + TokenizerState.SYMBOLS, 0);
    m.storeI32(area + TokenizerState.NODE, 0);
    m.storeI32(area + TokenizerState.POSITION, m.loadI32(area + TokenizerState.WORD));
    m.storeI32(area + TokenizerState.PHASE, Tokenizer.LOAD);
  }

  /**
   * One turn: one byte or character becomes a symbol (a byte is dropped when it has no token), or
   * one leaf beyond the last symbol is emptied.
   */
  static void load(Memory m, long table, long area) {
    int position = m.loadI32(area + TokenizerState.POSITION);
    int symbols = m.loadI32(area + TokenizerState.SYMBOLS);
    if (position < m.loadI32(area + TokenizerState.WORD_END)) {
      if (m.loadI32(table + TokenizerTable.AT_STYLE) == TokenizerTable.STYLE_SENTENCE) {
        Characters.load(m, table, area, position, symbols);
      } else {
        octet(m, table, area, position);
      }
      m.storeI32(area + TokenizerState.INDEX, m.loadI32(area + TokenizerState.SYMBOLS));
      return;
    }
    int leaves = m.loadI32(area + TokenizerState.LEAVES);
    int index = m.loadI32(area + TokenizerState.INDEX);
    int whole = symbols > 1 ? whole(m, table, area) : NONE;
    if (whole >= 0) {
      m.storeI32(area + TokenizerState.IDS, whole);
      m.storeI32(area + TokenizerState.NEXT, 1);
      m.storeI32(area + TokenizerState.SYMBOLS, 1);
    } else if (symbols > 1 && index < leaves) {
      m.storeI32(leaf(area, leaves, index), TokenizerState.NO_MERGE);
      m.storeI32(area + TokenizerState.INDEX, index + 1);
    } else {
      m.storeI32(area + TokenizerState.INDEX, symbols > 1 ? leaves - 1 : 0);
      m.storeI32(area + TokenizerState.PHASE, symbols > 1 ? Tokenizer.TREE : Tokenizer.EMIT);
    }
  }

  private static void octet(Memory m, long table, long area, int position) {
    int octet = m.loadU8(area + TokenizerState.TEXT + position);
    int node = m.loadI32(area + TokenizerState.NODE);
    if (node >= 0) {
      node = RawText.next(m, table, table + TokenizerTable.AT_WHOLE, node, octet);
      m.storeI32(area + TokenizerState.NODE, node == 0 ? NONE : node);
    }
    int id = m.loadI32(table + m.loadI32(table + TokenizerTable.AT_BYTES) + 4L * octet);
    m.storeI32(area + TokenizerState.POSITION, position + 1);
    if (id >= 0) {
      push(m, table, area, id);
    }
  }

  /** The token that is the whole word, or NONE. */
  private static int whole(Memory m, long table, long area) {
    int node = m.loadI32(area + TokenizerState.NODE);
    return node > 0
        ? m.loadI32(table + m.loadI32(table + TokenizerTable.AT_WHOLE + 12) + 4L * node)
        : NONE;
  }

  /** Adds a symbol to the word. */
  static void push(Memory m, long table, long area, int id) {
    int symbols = m.loadI32(area + TokenizerState.SYMBOLS);
    int leaves = m.loadI32(area + TokenizerState.LEAVES);
    m.storeI32(area + TokenizerState.IDS + 4L * symbols, id);
    m.storeI32(area + TokenizerState.NEXT + 4L * symbols, symbols + 1);
    m.storeI32(area + TokenizerState.PREVIOUS + 4L * symbols, symbols - 1);
    m.storeI32(leaf(area, leaves, symbols), TokenizerState.NO_MERGE);
    if (symbols > 0) {
      int left = m.loadI32(area + TokenizerState.IDS + 4L * symbols - 4);
      m.storeI32(leaf(area, leaves, symbols - 1), rank(m, table, left, id));
    }
    m.storeI32(area + TokenizerState.SYMBOLS, symbols + 1);
  }

  /** One turn: one inner node of the tree, from the leaves to the root. */
  static void tree(Memory m, long area) {
    int index = m.loadI32(area + TokenizerState.INDEX);
    if (index == 0) {
      m.storeI32(area + TokenizerState.PHASE, Tokenizer.MERGE);
    } else {
      long ranks = area + TokenizerState.RANKS;
      int left = m.loadI32(ranks + 8L * index);
      int right = m.loadI32(ranks + 8L * index + 4);
      m.storeI32(ranks + 4L * index, left < right ? left : right);
      m.storeI32(area + TokenizerState.INDEX, index - 1);
    }
  }

  /** One turn: one merge. */
  static void merge(Memory m, long table, long area) {
    long ranks = area + TokenizerState.RANKS;
    int rank = m.loadI32(ranks + 4);
    if (rank == TokenizerState.NO_MERGE) {
      m.storeI32(area + TokenizerState.INDEX, 0);
      m.storeI32(area + TokenizerState.PHASE, Tokenizer.EMIT);
      return;
    }
    int leaves = m.loadI32(area + TokenizerState.LEAVES);
    int node = 1;
    while (node < leaves) {
      Bounds.loop(TREE_HEIGHT);
      node <<= 1;
      node = m.loadI32(ranks + 4L * node) == rank ? node : node + 1;
    }
    int at = node - leaves;
    int id = m.loadI32(table + m.loadI32(table + TokenizerTable.AT_MERGED) + 4L * rank);
    long ids = area + TokenizerState.IDS;
    long nexts = area + TokenizerState.NEXT;
    long previouses = area + TokenizerState.PREVIOUS;
    int gone = m.loadI32(nexts + 4L * at);
    int next = m.loadI32(nexts + 4L * gone);
    int previous = m.loadI32(previouses + 4L * at);
    m.storeI32(ids + 4L * at, id);
    m.storeI32(nexts + 4L * at, next);
    update(m, ranks, leaves, gone, TokenizerState.NO_MERGE);
    int after = TokenizerState.NO_MERGE;
    if (next < m.loadI32(area + TokenizerState.SYMBOLS)) {
      m.storeI32(previouses + 4L * next, at);
      after = rank(m, table, id, m.loadI32(ids + 4L * next));
    }
    update(m, ranks, leaves, at, after);
    if (previous >= 0) {
      update(m, ranks, leaves, previous, rank(m, table, m.loadI32(ids + 4L * previous), id));
    }
  }

  private static void update(Memory m, long ranks, int leaves, int at, int rank) {
    int node = leaves + at;
    m.storeI32(ranks + 4L * node, rank);
    while (node > 1) {
      Bounds.loop(TREE_HEIGHT);
      node >>= 1;
      int left = m.loadI32(ranks + 8L * node);
      int right = m.loadI32(ranks + 8L * node + 4);
      m.storeI32(ranks + 4L * node, left < right ? left : right);
    }
  }

  /** One turn: one symbol becomes a token of the prompt. */
  static void emit(Memory m, long area, long tokens, int context) {
    int index = m.loadI32(area + TokenizerState.INDEX);
    if (index < m.loadI32(area + TokenizerState.SYMBOLS)) {
      emitToken(m, area, tokens, context, m.loadI32(area + TokenizerState.IDS + 4L * index));
      m.storeI32(area + TokenizerState.INDEX, m.loadI32(area + TokenizerState.NEXT + 4L * index));
    } else {
      int end = m.loadI32(area + TokenizerState.WORD_END);
      m.storeI32(area + TokenizerState.WORD, end);
      m.storeI32(area + TokenizerState.POSITION, end);
      m.storeI32(area + TokenizerState.PHASE, Tokenizer.SPLIT);
    }
  }

  static void emitToken(Memory m, long area, long tokens, int context, int token) {
    int count = m.loadI32(area + TokenizerState.TOKENS);
    if (count >= context) {
      Expansion.fail(m, area, Tokenizer.PROMPT_TOO_LONG);
    } else {
      m.storeI32(tokens + 4L * count, token);
      m.storeI32(area + TokenizerState.TOKENS, count + 1);
    }
  }

  private static long leaf(long area, int leaves, int symbol) {
    return area + TokenizerState.RANKS + 4L * (leaves + symbol);
  }

  /** Rank of the merge of two tokens, or NO_MERGE. */
  static int rank(Memory m, long table, int left, int right) {
    long key = (long) left << 21 | right;
    int bits = m.loadI32(table + TokenizerTable.AT_HASH_BITS);
    int seed = m.loadI32(table + TokenizerTable.AT_HASH_SEED);
    int slot = slot(left, right, seed, bits);
    long slots = table + m.loadI32(table + TokenizerTable.AT_HASH);
    int rank = TokenizerState.NO_MERGE;
    for (int i = 0; i < TokenizerTable.MAX_PROBE; i++) {
      Bounds.loop(TokenizerTable.MAX_PROBE);
      long entry = m.loadI64(slots + 8L * ((slot + i) & ((1 << bits) - 1)));
      if (entry >>> 21 == key) {
        rank = (int) entry & 0x1fffff;
        break;
      }
      if (entry == -1L) {
        break;
      }
    }
    return rank;
  }

  /** First slot of a pair in a hash of 2^bits slots, bits from 1 to 31. */
  public static int slot(int left, int right, int seed, int bits) {
    int mixed = left * 0x9e3779b1 ^ right * seed;
    mixed ^= mixed >>> 15;
    return mixed * 0x85ebca6b >>> 32 - bits;
  }
}
