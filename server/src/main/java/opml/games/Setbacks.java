package opml.games;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import opml.http.Hex;

/**
 * Claims whose check failed by a failure of our own, which says nothing about them. Each is tried
 * again, at first soon and then less and less often, the later the more its check costs, so that no
 * others are kept waiting.
 */
final class Setbacks {
  private static final int MOST = 6; // 64 times what a check costs

  private final Map<String, Setback> setbacks = new ConcurrentHashMap<>(); // by claim
  private final LongSupplier now;

  /**
   * None yet.
   *
   * @param now seconds of a clock that does not go back
   */
  Setbacks(LongSupplier now) {
    this.now = now;
  }

  private record Setback(int times, long until) {}

  /**
   * A check failed; seconds until the claim may be tried again.
   *
   * @param left seconds of its window, 0 or less when that is over
   * @param spent seconds that the check took
   */
  long failed(byte[] id, long left, long spent) {
    Setback before = setbacks.get(Hex.of(id));
    int times = before == null ? 0 : Math.min(MOST, before.times + 1);
    long wait = wait(times, left, Math.max(1, spent));
    setbacks.put(Hex.of(id), new Setback(times, now.getAsLong() + wait));
    return wait;
  }

  private static long wait(int times, long left, long spent) {
    long wait = spent << times;
    if (left <= 0) {
      return wait; // nothing hangs on it any more
    }
    long some = Math.max(spent, left / 4); // several tries fit into what is left of the window
    long last = Math.max(left - spent, left / 4); // and a last one, to its end if it can
    return Math.max(1, Math.min(wait, Math.min(some, last)));
  }

  /** A check came to its end, or what made it fail was not the claim's. */
  void over(byte[] id) {
    setbacks.remove(Hex.of(id));
  }

  /** Whether a claim's time to be tried again has not come. */
  boolean waits(byte[] id) {
    Setback setback = setbacks.isEmpty() ? null : setbacks.get(Hex.of(id));
    return setback != null && now.getAsLong() < setback.until;
  }

  /** Forgets all but those of these claims. */
  void keep(Collection<byte[]> ids) {
    if (!setbacks.isEmpty()) {
      Set<String> kept = new HashSet<>();
      ids.forEach(id -> kept.add(Hex.of(id)));
      setbacks.keySet().retainAll(kept);
    }
  }

  /** Claims that could not be checked so far. */
  int count() {
    return setbacks.size();
  }
}
