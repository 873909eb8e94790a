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
 * again, at first soon and then less and less often, so that no others are kept waiting.
 */
final class Setbacks {
  private static final int MOST = 6; // 64 seconds

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
   * @param left seconds of its window: some tries must fit into them
   */
  long failed(byte[] id, long left) {
    Setback before = setbacks.get(Hex.of(id));
    int times = before == null ? 0 : Math.min(MOST, before.times + 1);
    long wait = Math.min(1L << times, Math.max(1, left / 4));
    setbacks.put(Hex.of(id), new Setback(times, now.getAsLong() + wait));
    return wait;
  }

  /** A check came to its end. */
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
