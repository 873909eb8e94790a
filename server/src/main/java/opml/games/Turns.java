package opml.games;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import opml.http.Problem;

/** One at a time, in the order in which they came; so many more may wait. */
final class Turns {
  private static final int RETRY_SECONDS = 30;

  private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private final int most;
  private boolean taken;

  Turns(int most) {
    this.most = most;
  }

  /**
   * Completes when it is the caller's turn, which lasts until {@link #end}; who cancels it before
   * waits no more.
   */
  synchronized CompletableFuture<Void> take() {
    if (!taken) {
      taken = true;
      return CompletableFuture.completedFuture(null);
    }
    waiting.removeIf(CompletableFuture::isCancelled);
    if (waiting.size() >= most) {
      String detail = "A demonstration plays and " + most + " wait, all of opml.demo.waiting.";
      throw Problem.busy(503, "demo-queue-full", detail, RETRY_SECONDS);
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    waiting.add(turn);
    return turn;
  }

  /** A turn that is waited for, or has come, is not wanted any more. */
  void leave(CompletableFuture<Void> turn) {
    if (!turn.cancel(false)) {
      end();
    }
  }

  synchronized void end() {
    CompletableFuture<Void> next = waiting.poll();
    while (next != null && !next.complete(null)) {
      next = waiting.poll();
    }
    taken = next != null;
  }
}
