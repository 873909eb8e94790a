package opml.money;

import opml.chain.Call;
import opml.chain.Chain;
import opml.chain.DisputeContract;
import opml.chain.Sent;
import opml.outbox.Transactions;

/** Acts that anybody may do: they are asked of the chain first, and one that lost a race again. */
public final class Bonds {
  private static final int TRIES = 5;

  private Bonds() {}

  /**
   * Seconds since the epoch by which the next block will be: not earlier than the newest one, nor
   * than the clock on the wall.
   */
  public static long now(Chain chain) {
    return Math.max(chain.blockTime(chain.head()), System.currentTimeMillis() / 1000);
  }

  /** Whether a claim has survived, or would if it were released now. */
  public static boolean isFree(Chain chain, DisputeContract.ClaimState state) {
    boolean over = state.openGames() == 0 && now(chain) >= state.endsAt();
    return state.status() == DisputeContract.Status.SURVIVED
        || state.status() == DisputeContract.Status.OPEN && over;
  }

  /**
   * Sends {@code call}, under another key after a transaction that failed on chain: its own key is
   * used up.
   *
   * @throws opml.chain.Reverted when the chain refuses it now, for example since another was faster
   */
  public static Sent send(Transactions by, String key, Call call, String reason) {
    Sent sent = by.send(key, call, reason);
    for (int n = 2; n <= TRIES && !sent.succeeded(); n++) {
      sent = by.send(key + " again " + n, call, reason);
    }
    return sent;
  }
}
