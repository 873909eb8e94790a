package opml.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
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
  private static final String READ = TIMER + " read";

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
    context.put(READ, false);
    context.addEndHandler(any -> stop(context));
    context.request().resume(); // requests come paused
    reader.handle(context);
  }

  /** Whether there was still a clock to stop. */
  private boolean stop(RoutingContext context) {
    Long timer = context.remove(TIMER);
    return timer != null && vertx.cancelTimer(timer);
  }

  private void isRead(RoutingContext context) {
    context.put(READ, true);
    if (stop(context)) {
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
    boolean isUnread = Boolean.FALSE.equals(context.get(READ));
    if (context.statusCode() == 413) {
      refused(context, HeadersFilter.oversized("has more", most));
    } else if (context.statusCode() == 417) {
      String detail = "Expect may be 100-continue and nothing else: leave it out.";
      refused(context, new Problem(417, "http-417", "Expectation Failed", detail, "Expect"));
    } else if (isUnread || context.failure() instanceof HttpClosedException) {
      context.request().connection().close(); // the client has hung up, or sent no chunks
    } else {
      context.next();
    }
  }

  private static void refused(RoutingContext context, Problem problem) {
    HeadersFilter.refuse(context.response(), context.request().path(), problem);
  }

  private void late(RoutingContext context) {
    if (!context.response().ended()) {
      String detail =
          "The body did not come in " + patience.toSeconds() + " seconds: send it again.";
      Problem problem = new Problem(408, "slow-body", "Body too slow", detail, null);
      refused(context, problem);
    }
  }
}
