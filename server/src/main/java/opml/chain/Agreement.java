package opml.chain;

import java.util.ArrayList;
import java.util.List;

/** Compares two endpoints of what should be one chain: a lie of one of them must be seen. */
public final class Agreement {
  /** Blocks that the slower endpoint may lag behind. */
  private static final int LAG = 5;

  private Agreement() {}

  /** What differs, in words; empty while both tell the same. */
  public static List<String> differences(Chain a, Chain b) {
    List<String> differences = new ArrayList<>();
    if (a.chainId() != b.chainId()) {
      differences.add("chain id " + a.chainId() + " at " + a.url() + ", " + b.chainId());
      return differences;
    }
    long headA = a.head();
    long headB = b.head();
    if (Math.abs(headA - headB) > LAG) {
      differences.add("head " + headA + " at " + a.url() + ", " + headB + " at " + b.url());
    }
    long common = Math.min(headA, headB);
    if (!a.blockHash(common).equals(b.blockHash(common))) {
      differences.add("block " + common + " of " + a.url() + " is not that of " + b.url());
    }
    return differences;
  }
}
