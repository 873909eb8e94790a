package opml.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Bounds open event streams: each holds a connection and a thread for as long as it likes. */
@ApplicationScoped
public class Streams {
  private static final int RETRY_SECONDS = 5;

  private final Places places;

  Streams(
      MeterRegistry meters,
      @ConfigProperty(name = "opml.http.streams") int most,
      @ConfigProperty(name = "opml.http.streams-per-client") int mostOfOne) {
    places =
        new Places(
            most,
            mostOfOne,
            () -> busy(503, "All " + most + " event streams are taken."),
            () -> busy(429, "You have " + mostOfOne + " event streams open: close one."));
    meters.gauge("opml.http.streams", places, Places::taken);
  }

  private static Problem busy(int status, String detail) {
    return Problem.busy(status, "too-many-streams", detail, RETRY_SECONDS);
  }

  /**
   * Takes a place that is given back when the response of {@code context} has ended.
   *
   * @throws Problem of status 429 or 503 when there is none
   */
  public void admit(RoutingContext context) {
    Runnable leave = enter(Client.of(context.request()));
    context.addEndHandler(any -> leave.run());
  }

  /** Takes a place; running the result gives it back, once. */
  Runnable enter(Client client) {
    return places.enter(client);
  }
}
