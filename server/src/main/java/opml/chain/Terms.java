package opml.chain;

import java.math.BigInteger;
import java.util.Map;

/**
 * Parameters of a dispute contract, fixed at deployment.
 *
 * @param challengeBond wei, a multiple of 320; a claim's bond is four of them
 * @param window seconds in which a claim can be challenged
 * @param proposerTime seconds on the proposer's clock of one game
 * @param challengerTime seconds on the challenger's clock of one game
 */
public record Terms(BigInteger challengeBond, long window, int proposerTime, int challengerTime) {
  /** Seconds between a commitment at the oracle and the claim that opens it. */
  static final long COMMIT_DELAY = 5;

  private static final BigInteger SHARES = BigInteger.valueOf(320);

  /** For a local chain: a minute to challenge, five for each side of a game. */
  public static final Terms LOCAL = new Terms(new BigInteger("32000000000000000"), 60, 300, 300);

  /**
   * Whether a constructor of Dispute gives these parameters: code can be put on chain without it.
   */
  static boolean areConstructed(Map<String, BigInteger> parameters) {
    BigInteger bond = parameters.get("CHALLENGE_BOND");
    return isBond(bond)
        && bond.shiftLeft(2).equals(parameters.get("CLAIM_BOND"))
        && isTime(parameters.get("WINDOW"), Long.SIZE)
        && isTime(parameters.get("PROPOSER_TIME"), Integer.SIZE)
        && isTime(parameters.get("CHALLENGER_TIME"), Integer.SIZE);
  }

  /** Whether a constructor takes so many wei as the challenge bond. */
  public static boolean isBond(BigInteger wei) {
    return wei.signum() > 0 && wei.mod(SHARES).signum() == 0;
  }

  static boolean isTime(BigInteger seconds, int bits) {
    return seconds.signum() > 0 && seconds.bitLength() <= bits;
  }

  public BigInteger claimBond() {
    return challengeBond.shiftLeft(2);
  }

  /** Seconds a proposer waits for his escrow: no receipt may live longer. */
  public long exitDelay() {
    return 7 * 24 * 3600L;
  }

  /** T_max: seconds after which a claim is settled whatever happened. */
  public long longest() {
    return window + proposerTime + challengerTime;
  }
}
