package opml.tokenizer;

import java.util.List;
import java.util.Map;
import opml.guest.Merges;
import opml.guest.TokenizerTable;

/** The merges: a hash from a pair of tokens to its rank, and the token each rank makes. */
final class MergeTable {
  private static final int SEEDS = 64;
  private final long[] keys;
  private final int[] merged;

  MergeTable(List<String> merges, Map<String, Integer> ids) {
    keys = new long[merges.size()];
    merged = new int[merges.size()];
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
  }

  void write(Section section) {
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, keys.length)));
    long[] slots = null;
    int seed = 0;
    while (slots == null) {
      seed += 2;
      if (seed > SEEDS) {
        bits++;
        seed = 2;
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
    for (int rank = 0; rank < keys.length; rank++) {
      int slot = Merges.slot((int) (keys[rank] >> 21), (int) keys[rank] & 0x1fffff, seed, bits);
      int probes = 1;
      while (slots[slot] != -1
          && slots[slot] >>> 21 != keys[rank]
          && probes <= TokenizerTable.MAX_PROBE) {
        slot = (slot + 1) & (slots.length - 1);
        probes++;
      }
      if (probes > TokenizerTable.MAX_PROBE) {
        return null;
      }
      if (slots[slot] == -1) {
        slots[slot] = keys[rank] << 21 | rank;
      }
    }
    return slots;
  }
}
