package opml.dispute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Hands over several transactions at once: each takes some round trips to the node. */
final class Posts {
  private static final int AT_ONCE = 8;

  private Posts() {}

  /** Does all, begun in their order; returns how many. One that fails stops no other. */
  static int all(List<Runnable> posts) {
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("move").factory())) {
      posts.forEach(post -> done.add(threads.submit(post)));
    }
    RuntimeException failure = null;
    for (Future<?> one : done) {
      try {
        one.get();
      } catch (ExecutionException e) {
        failure = e.getCause() instanceof RuntimeException cause ? cause : failure;
        if (e.getCause() instanceof Error error) {
          throw error;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while moves were handed over", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return posts.size();
  }
}
