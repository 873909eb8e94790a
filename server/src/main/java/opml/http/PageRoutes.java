package opml.http;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Addresses inside the page lead to the page: every view has a URL that can be shared. */
@ApplicationScoped
class PageRoutes {
  void install(@Observes Router router) {
    router
        .getWithRegex("/(digits|receipts|games|models|chain|help)(/[^.]*)?")
        .handler(context -> context.reroute("/"));
  }
}
