package opml.cli;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import opml.catalog.ModelImage;
import opml.catalog.Progress;

/** Hashes a model's weights on a thread of its own, while other things start. */
final class WeightsCheck {
  private final FutureTask<Void> task;

  /** Begins, and closes the image at the end. */
  WeightsCheck(ModelImage image) {
    task =
        new FutureTask<>(
            () -> {
              try (image) {
                image.check(Progress.NONE);
              }
              return null;
            });
    Thread.ofPlatform().name("weights").daemon().start(task);
  }

  boolean isDone() {
    return task.isDone();
  }

  /**
   * Waits for the end.
   *
   * @throws IOException when the weights are not what was imported
   */
  void await() throws IOException, InterruptedException {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    }
  }
}
