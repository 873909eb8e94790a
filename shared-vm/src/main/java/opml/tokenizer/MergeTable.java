package opml.tokenizer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import opml.guest.Merges;
import opml.guest.TokenizerTable;

/** The merges: a hash from a pair of tokens to its rank, and the token each rank makes. */
final class MergeTable {
  private static final int SEEDS = 64;

  /** How often the table is doubled: real merges need none, made ones may collide at any size. */
  private static final int DOUBLED = 3;

  /** Ranks have 21 bits in a slot. */
  private static final int MOST = 1 << 21;

  private final long[] keys;
  private final int[] ranks;
  private final int[] merged;

  /**
   * Pairs and ranks.
   *
   * @param keys left << 21 | right
   * @param ranks of each key
   * @param merged by rank: the token that a merge makes
   */
  private MergeTable(long[] keys, int[] ranks, int[] merged) {
    this.keys = keys;
    this.ranks = ranks;
    this.merged = merged;
  }

  /** Merges as a byte-level vocabulary lists them, best first. */
  static MergeTable listed(List<String> merges, Map<String, Integer> ids) {
    refuseMore("tokenizer.ggml.merges", merges.size());
    long[] keys = new long[merges.size()];
    int[] merged = new int[merges.size()];
    for (int rank = 0; rank < keys.length; rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ', 1);
      Integer left = space < 0 ? null : ids.get(merge.substring(0, space));
      Integer right = space < 0 ? null : ids.get(merge.substring(space + 1));
      Integer both = left == null || right == null ? null : ids.get(merge.replace(" ", ""));
      if (both == null) {
        throw new IllegalArgumentException(
            "tokenizer.ggml.merges["
                + rank
                + "]: \""
                + merge
                + "\" does not join two tokens to a third; the file is damaged");
      }
      keys[rank] = (long) left << 21 | right;
      merged[rank] = both;
    }
    return new MergeTable(keys, IntStream.range(0, keys.length).toArray(), merged);
  }

  /**
   * Every way to make a normal token of two, best score first, lowest token among equals.
   *
   * @param ids normal tokens by text
   */
  static MergeTable scored(Vocabulary v, Map<String, Integer> ids) {
    int[] merged =
        IntStream.range(0, v.tokens().size())
            .filter(i -> Integer.valueOf(i).equals(ids.get(v.tokens().get(i))))
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -v.scores()[i]).thenComparingInt(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    LongStream.Builder keys = LongStream.builder();
    IntStream.Builder ranks = IntStream.builder();
    int pairs = 0;
    for (int rank = 0; rank < merged.length; rank++) {
      String text = v.tokens().get(merged[rank]);
      for (int cut = 1; cut < text.length(); cut++) {
        Integer left = ids.get(text.substring(0, cut));
        Integer right = left == null ? null : ids.get(text.substring(cut));
        if (right != null) {
          refuseMore("tokenizer.ggml.tokens", ++pairs);
          keys.add((long) left << 21 | right);
          ranks.add(rank);
        }
      }
    }
    return new MergeTable(keys.build().toArray(), ranks.build().toArray(), merged);
  }

  private static void refuseMore(String field, int pairs) {
    if (pairs > MOST) {
      throw new IllegalArgumentException(
          field
              + ": "
              + pairs
              + " pairs of tokens make others; at most "
              + MOST
              + " are supported");
    }
  }

  /** The rank of each pair, the best where one is listed twice. */
  Map<Long, Integer> byPair() {
    Map<Long, Integer> all = new HashMap<>();
    for (int i = 0; i < keys.length; i++) {
      all.putIfAbsent(keys[i], ranks[i]);
    }
    return all;
  }

  int merged(int rank) {
    return merged[rank];
  }

  void write(Section section) {
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, keys.length)));
    final int most = bits + DOUBLED;
    long[] slots = null;
    int seed = 0;
    while (slots == null) {
      seed += 2;
      if (seed > SEEDS) {
        bits++;
        seed = 2;
      }
      if (bits > most) {
        throw new IllegalArgumentException(
            "tokenizer.ggml.merges: the pairs collide in every hash table; such a model is not"
                + " supported");
      }
      slots = place(bits, seed + 1);
    }
    section.field(TokenizerTable.AT_MERGES, keys.length);
    section.field(TokenizerTable.AT_HASH_BITS, bits);
    section.field(TokenizerTable.AT_HASH_SEED, seed + 1);
    section.mark(TokenizerTable.AT_HASH);
    for (long slot : slots) {
      section.i64(slot);
    }
    section.mark(TokenizerTable.AT_MERGED);
    for (int token : merged) {
      section.i32(token);
    }
  }

  /**
   * The filled slots, or null when some pair needs more than MAX_PROBE of them. The first of two
   * equal merges wins.
   */
  private long[] place(int bits, int seed) {
    long[] slots = new long[1 << bits];
    java.util.Arrays.fill(slots, -1);
    for (int i = 0; i < keys.length; i++) {
      int slot = Merges.slot((int) (keys[i] >> 21), (int) keys[i] & 0x1fffff, seed, bits);
      int probes = 1;
      while (slots[slot] != -1
          && slots[slot] >>> 21 != keys[i]
          && probes <= TokenizerTable.MAX_PROBE) {
        slot = (slot + 1) & (slots.length - 1);
        probes++;
      }
      if (probes > TokenizerTable.MAX_PROBE) {
        return null;
      }
      if (slots[slot] == -1) {
        slots[slot] = keys[i] << 21 | ranks[i];
      }
    }
    return slots;
  }
}
