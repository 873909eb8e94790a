package opml.catalog;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings to the disk what an import has written and hashed, while it goes on with what comes next,
 * and only then journals it. The import may be so far ahead of the disk and no further.
 */
final class Settling implements AutoCloseable {
  private static final long AHEAD = 512L << 20;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("settling").daemon().factory());
  private final ImageFile image;
  private final TreeBuilder tree;
  private final Journal journal;
  private final Progress progress;
  private Future<?> running = CompletableFuture.completedFuture(null);
  private long begun;

  /** Hears progress in bytes that are on the disk. */
  Settling(ImageFile image, TreeBuilder tree, Journal journal, Progress progress) {
    this.image = image;
    this.tree = tree;
    this.journal = journal;
    this.progress = progress;
  }

  /** So many matrices, up to a byte of the image, are written, and whole pages of them hashed. */
  void written(int matrices, long end) throws IOException {
    boolean last = end == image.size(); // finish does that
    if (!last && (running.isDone() || end - begun > AHEAD)) {
      all(matrices, end);
    }
  }

  private void all(int matrices, long end) throws IOException {
    await();
    begun = end;
    running =
        thread.submit(
            () -> {
              image.force();
              tree.force();
              journal.done(matrices);
              progress.at("Importing tensors", end, image.size());
              return null;
            });
  }

  /** The same of the whole image; waits until it is on the disk. */
  void finish(int matrices) throws IOException {
    all(matrices, image.size());
    await();
  }

  private void await() throws IOException {
    try {
      running.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException other -> throw other;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
