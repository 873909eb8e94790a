package opml.inference;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps an engine from closing while somebody computes: emitted code reads weights by address, so
 * unmapping them under it would end the process.
 */
final class Gate {
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean closed;

  /** Every call is followed by {@link #leave}. */
  void enter() {
    inside.incrementAndGet();
    if (closed) {
      inside.decrementAndGet();
      throw new IllegalStateException("the engine is closed");
    }
  }

  void leave() {
    inside.decrementAndGet();
  }

  /** Lets nobody in any more and returns when the last one has left. */
  void close() {
    closed = true;
    while (inside.get() > 0) {
      Thread.onSpinWait();
    }
  }
}
