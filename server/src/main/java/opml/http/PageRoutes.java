package opml.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Addresses inside the page lead to the page: every view has a URL that can be shared. */
@ApplicationScoped
class PageRoutes {
  private static void notFound(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    if (accept != null && accept.contains("text/html")) {
      context.response().setStatusCode(404);
      context.reroute("/");
    } else {
      context.next();
    }
  }

  void install(@Observes Router router) {
    router
        .routeWithRegex("/(chats|digits|receipts|games|models|chain|help)(/[^.]*)?")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> context.reroute("/"));
    // who comes with a browser gets the page, which says in words that nothing is here
    router.getWithRegex("/(?!(api|v1|q|openapi)(/|$))[^.]+").handler(PageRoutes::notFound);
  }
}
