package opml.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Bounds open event streams: each holds a connection and a thread for as long as it likes. */
@ApplicationScoped
public class Streams {
  private static final int RETRY_SECONDS = 5;

  private final int most;
  private final int mostOfOne;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<Client, Integer> clients = new ConcurrentHashMap<>();

  Streams(
      MeterRegistry meters,
      @ConfigProperty(name = "opml.http.streams") int most,
      @ConfigProperty(name = "opml.http.streams-per-client") int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
    meters.gauge("opml.http.streams", open);
  }

  /**
   * Takes a place that is given back when the response of {@code context} has ended.
   *
   * @throws Problem of status 429 or 503 when there is none
   */
  public void admit(RoutingContext context) {
    Client client = Client.of(context.request());
    Runnable leave = enter(client);
    context.addEndHandler(any -> leave.run());
  }

  /** Takes a place; running the result gives it back, once. */
  Runnable enter(Client client) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      throw Problem.busy(
          503, "too-many-streams", "All " + most + " event streams are taken.", RETRY_SECONDS);
    }
    int mine = clients.merge(client, 1, Integer::sum);
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            open.decrementAndGet();
            clients.computeIfPresent(client, (any, n) -> n == 1 ? null : n - 1);
          }
        };
    if (mine > mostOfOne) {
      leave.run();
      throw Problem.busy(
          429,
          "too-many-streams",
          "You have " + mostOfOne + " event streams open: close one.",
          RETRY_SECONDS);
    }
    return leave;
  }
}
