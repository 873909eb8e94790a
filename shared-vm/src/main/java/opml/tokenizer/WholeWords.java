package opml.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds the tokens that merges do not make of their own text: they are taken whole where said so.
 */
final class WholeWords {
  private final Map<Long, Integer> ranks;
  private final MergeTable merges;
  private final int[] octets;

  /**
   * Uses merges.
   *
   * @param octets the token of each byte
   */
  WholeWords(MergeTable merges, int[] octets) {
    this.merges = merges;
    this.ranks = merges.byPair();
    this.octets = octets;
  }

  /** Whether merges make {@code token} of its bytes. */
  boolean made(byte[] text, int token) {
    List<Integer> symbols = new ArrayList<>();
    for (byte octet : text) {
      symbols.add(octets[octet & 255]);
    }
    while (symbols.size() > 1) {
      int best = Integer.MAX_VALUE;
      int at = 0;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        long key = (long) symbols.get(i) << 21 | symbols.get(i + 1);
        Integer rank = ranks.get(key);
        if (rank != null && rank < best) {
          best = rank;
          at = i;
        }
      }
      if (best == Integer.MAX_VALUE) {
        return false;
      }
      symbols.set(at, merges.merged(best));
      symbols.subList(at + 1, at + 2).clear();
    }
    return symbols.getFirst() == token;
  }
}
