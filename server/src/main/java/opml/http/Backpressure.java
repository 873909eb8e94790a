package opml.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;

/**
 * Keeps who writes much from writing more than is sent. The stream of an answer looks at a queue
 * that the event loop fills, so many writers together run ahead of it as far as there is memory.
 */
public final class Backpressure {
  private Backpressure() {}

  /** Waits until all that was written of an answer, and flushed, is handed to the network. */
  public static void await(RoutingContext context) throws IOException {
    try {
      context.response().write(Buffer.buffer()).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the client has hung up", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while bytes are sent");
    }
  }
}
