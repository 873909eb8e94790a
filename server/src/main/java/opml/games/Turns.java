package opml.games;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import opml.http.Client;
import opml.http.Problem;

/** One at a time, in the order in which they came; so many more may wait, fewer of one client. */
final class Turns {
  private static final int RETRY_SECONDS = 30;

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final int most;
  private final int mostOfOne;
  private boolean taken;

  Turns(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  private record Waiting(Client client, CompletableFuture<Void> turn) {}

  /**
   * Completes when it is the caller's turn, which lasts until {@link #end}; who cancels it before
   * waits no more.
   *
   * @throws Problem of status 429 or 503 when no more may wait
   */
  synchronized CompletableFuture<Void> take(Client client) {
    if (!taken) {
      taken = true;
      return CompletableFuture.completedFuture(null);
    }
    waiting.removeIf(one -> one.turn.isCancelled());
    if (waiting.stream().filter(one -> one.client.equals(client)).count() >= mostOfOne) {
      String detail = "You wait for " + mostOfOne + " demonstrations, which is the limit.";
      throw Problem.busy(429, "demo-queue-full", detail, RETRY_SECONDS);
    }
    if (waiting.size() >= most) {
      String detail = "A demonstration plays and " + most + " wait, all of opml.demo.waiting.";
      throw Problem.busy(503, "demo-queue-full", detail, RETRY_SECONDS);
    }
    CompletableFuture<Void> turn = new CompletableFuture<>();
    waiting.add(new Waiting(client, turn));
    return turn;
  }

  /** A turn that is waited for, or has come, is not wanted any more. */
  void leave(CompletableFuture<Void> turn) {
    if (!turn.cancel(false)) {
      end();
    }
  }

  synchronized void end() {
    Waiting next = waiting.poll();
    while (next != null && !next.turn.complete(null)) {
      next = waiting.poll();
    }
    taken = next != null;
  }
}
