package opml.chain;

import java.math.BigInteger;

/**
 * What a transaction offers for a unit of gas, wei.
 *
 * @param priority for the block's maker
 * @param most base fee included
 */
public record Fee(BigInteger priority, BigInteger most) {
  /** The smallest raise by which nodes accept a replacement is a tenth; an eighth is offered. */
  Fee raised() {
    return new Fee(raised(priority), raised(most));
  }

  Fee orAtLeast(Fee other) {
    return new Fee(priority.max(other.priority), most.max(other.most));
  }

  /** Whether this is more than so many times {@code now}, or its tip. */
  boolean exceeds(Fee now, long times, long tips) {
    return most.compareTo(now.most.multiply(BigInteger.valueOf(times))) > 0
        || priority.compareTo(now.priority.multiply(BigInteger.valueOf(tips))) > 0;
  }

  private static BigInteger raised(BigInteger wei) {
    return wei.multiply(BigInteger.valueOf(9)).shiftRight(3).add(BigInteger.ONE);
  }
}
