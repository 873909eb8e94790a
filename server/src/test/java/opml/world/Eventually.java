package opml.world;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what must come true. */
public final class Eventually {
  private Eventually() {}

  /** Returns when {@code condition} holds; fails when it doesn't within a minute. */
  public static void holds(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not true after a minute: " + what);
      }
      Thread.sleep(50);
    }
  }
}
