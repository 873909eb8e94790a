package opml.game;

/**
 * What a dispute contract must leave to whoever challenges a lie, so that he can win and gains by
 * it: anybody can deploy it, with a bond and clocks of his choice (protocol, section 15).
 */
public final class Fairness {
  /** Gas of a whole game, both sides: contracts/snapshots/game-gas.json. */
  public static final int GAME_GAS = 1_500_000;

  /** Seconds: who proves a lie waits no longer for his bond than an escrow stays. */
  public static final int PROPOSER_MOST = 7 * 24 * 3600;

  /** Seconds: a transaction that is sent later before a deadline may come behind it. */
  public static final int DEADLINE_LEAST = 60;

  /** Seconds: the block that shows the other side's move, and the one that takes the answer. */
  private static final int MOVE = 2 * 12;

  private Fairness() {}

  /** Seconds that a challenger's clock must show for a claim of 64^h operators. */
  public static int challengerLeast(int h) {
    return (h + 4) * MOVE;
  }
}
