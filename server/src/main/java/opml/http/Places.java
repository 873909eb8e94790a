package opml.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Places that clients hold for a while: so many there are, and so many one client may have. */
public final class Places {
  private final int most;
  private final int mostOfOne;
  private final Supplier<Problem> full;
  private final Supplier<Problem> tooMany;
  private final AtomicInteger taken = new AtomicInteger();
  private final ConcurrentHashMap<Client, Integer> clients = new ConcurrentHashMap<>();

  /**
   * None taken.
   *
   * @param full when all have been taken
   * @param tooMany when one client has taken all that it may
   */
  public Places(int most, int mostOfOne, Supplier<Problem> full, Supplier<Problem> tooMany) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    this.full = full;
    this.tooMany = tooMany;
  }

  /** Takes a place; running the result gives it back, once. */
  public Runnable enter(Client client) {
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      throw full.get();
    }
    int mine = clients.merge(client, 1, Integer::sum);
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            taken.decrementAndGet();
            clients.computeIfPresent(client, (any, n) -> n == 1 ? null : n - 1);
          }
        };
    if (mine > mostOfOne) {
      leave.run();
      throw tooMany.get();
    }
    return leave;
  }

  int taken() {
    return taken.get();
  }
}
