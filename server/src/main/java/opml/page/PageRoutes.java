package opml.page;

import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Every address of the page can be opened and reloaded: the browser's own router reads the path. */
@ApplicationScoped
class PageRoutes {
  private static final String[] PATHS = {"/receipts", "/receipts/*", "/games", "/games/*", "/models"};

  void install(@Observes Router router) {
    for (String path : PATHS) {
      router.get(path).order(-1).handler(context -> context.reroute("/"));
    }
  }
}
