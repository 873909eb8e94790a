package opml.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Reads the bodies of requests before any thread works on them: one that comes byte by byte would
 * hold a worker, and some hundred of them all workers. So it holds its connection, and not for
 * long.
 */
@ApplicationScoped
class Bodies {
  private static final String TIMER = Bodies.class.getName();

  private final Vertx vertx;
  private final Duration patience;
  private final long most;
  private final BodyHandler reader;

  Bodies(
      Vertx vertx,
      @ConfigProperty(name = "opml.http.body-timeout") Duration patience,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most) {
    this.vertx = vertx;
    this.patience = patience;
    this.most = most.asLongValue();
    reader = BodyHandler.create(false).setBodyLimit(this.most);
  }

  /** Behind the filter that refuses requests by their headers. */
  void install(@Observes Filters filters) {
    filters.register(this::read, 90);
    filters.register(this::isRead, 80);
  }

  private void read(RoutingContext context) {
    if (!HeadersFilter.hasBody(context.request())) {
      context.next();
      return;
    }
    long timer = vertx.setTimer(patience.toMillis(), any -> late(context));
    context.put(TIMER, timer);
    context.addEndHandler(any -> end(context));
    context.request().resume(); // requests come paused
    reader.handle(context);
  }

  /** Of a body that is refused, being too large or too slow, nothing more is taken. */
  private void end(RoutingContext context) {
    Long timer = context.remove(TIMER);
    if (timer != null) { // else it was read, and the connection is good for more
      vertx.cancelTimer(timer);
      context.request().connection().close();
    }
  }

  private void isRead(RoutingContext context) {
    Long timer = context.remove(TIMER);
    if (timer != null) {
      vertx.cancelTimer(timer);
      if (context.body().buffer() == null) { // or it would be waited for once more, and for ever
        ((RoutingContextInternal) context).setBody(Buffer.buffer());
      }
    }
    context.next();
  }

  /** Before the handler that calls everything an error of the server, in its log too. */
  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
  }

  private void failed(RoutingContext context) {
    if (context.failure() instanceof HttpClosedException) {
      context.request().connection().close(); // the client has hung up
    } else if (context.statusCode() == 413) {
      Problem problem = HeadersFilter.oversized("has more", most);
      HeadersFilter.refuse(context.response(), context.request().path(), problem);
    } else {
      context.next();
    }
  }

  private void late(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!context.response().ended()) {
      String detail =
          "The body did not come in " + patience.toSeconds() + " seconds: send it again.";
      Problem problem = new Problem(408, "slow-body", "Body too slow", detail, null);
      HeadersFilter.refuse(context.response(), request.path(), problem);
    }
  }
}
