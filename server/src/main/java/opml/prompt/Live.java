package opml.prompt;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The text of one prompt as it is written, for any number of readers.
 *
 * <p>Readers name the characters they have; so a reader that comes back after a break, or after a
 * restart that ran the prompt again, gets exactly the rest: the same prompt gives the same text.
 */
final class Live {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final StringBuilder text = new StringBuilder();
  private boolean ended;
  private volatile boolean cancelled;

  /**
   * What a reader has not seen yet.
   *
   * @param text new characters, maybe none
   * @param ended the answer is complete, or there will be none
   */
  record Rest(String text, boolean ended) {}

  /** Waits for more than {@code seen} characters or the end, at most {@code millis}. */
  Rest rest(int seen, long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (text.length() <= seen && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      return new Rest(seen < text.length() ? text.substring(seen) : "", ended);
    } finally {
      lock.unlock();
    }
  }

  void write(String more) {
    change(() -> text.append(more));
  }

  void end() {
    change(() -> ended = true);
  }

  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
