package opml.event;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import opml.http.Events;
import opml.http.Streams;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The feed as server-sent events. */
@Path("/api/events")
@Tag(name = "events")
class EventsResource {
  private static final long POLL_MILLIS = 500;
  private static final int POLLS_PER_PING = 20;

  private final Feed feed;
  private final Streams places;

  EventsResource(Feed feed, Streams places) {
    this.feed = feed;
    this.places = places;
  }

  /**
   * What happens from now on, or after Last-Event-ID: prompt, receipt, claim, game, move, model.
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RunOnVirtualThread
  @Operation(
      operationId = "followEvents",
      summary = "What happens on this server, as server-sent events")
  public Response events(
      @HeaderParam("Last-Event-ID") String last, @Context RoutingContext context) {
    places.admit(context);
    boolean resumed = last != null && last.matches("[0-9]{1,18}");
    long from = resumed ? Long.parseLong(last) : feed.newest();
    StreamingOutput stream = out -> follow(from, new Events(out));
    return Response.ok(stream)
        .type(MediaType.SERVER_SENT_EVENTS)
        .header("Cache-Control", "no-store")
        .build();
  }

  private void follow(long from, Events events) throws IOException {
    long seen = from;
    int quiet = 0;
    events.ping();
    try {
      while (true) {
        for (Feed.Entry entry : feed.after(seen)) {
          seen = entry.id();
          events.send(Long.toString(seen), entry.kind(), entry.data());
          quiet = 0;
        }
        if (++quiet % POLLS_PER_PING == 0) {
          events.ping();
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
