package opml.role;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Whether the server is stopping: known before what work needs is closed, so that work which is cut
 * off then is no failure.
 */
@ApplicationScoped
public class Stopping {
  private volatile boolean begun;

  void stop(@Observes @Priority(50) ShutdownEvent event) {
    begun = true;
  }

  public boolean hasBegun() {
    return begun;
  }
}
