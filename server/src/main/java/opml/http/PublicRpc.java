package opml.http;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The chain's endpoint that the page may ask by itself. The server's own endpoint is given away
 * only when it is a bare origin: keys of providers stand in path, query or user information.
 */
@ApplicationScoped
public class PublicRpc {
  private static final Logger LOG = Logger.getLogger(PublicRpc.class);

  private final String url;

  PublicRpc(
      @ConfigProperty(name = "opml.chain.rpc-url") String own,
      @ConfigProperty(name = "opml.chain.public-rpc-url") Optional<String> given) {
    url = given.map(PublicRpc::checked).orElseGet(() -> bare(own) ? own : null);
  }

  void start(@Observes StartupEvent event) {
    if (url == null) {
      LOG.warn(
          "the page can't ask the chain itself: opml.chain.rpc-url may hold a key and is kept"
              + " secret; name an open endpoint in opml.chain.public-rpc-url");
    }
  }

  /** The endpoint, or null when none may be shown. */
  public String url() {
    return url;
  }

  /** Scheme, host and port of the endpoint, or null. */
  String origin() {
    if (url == null) {
      return null;
    }
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  static String checked(String url) {
    URI uri = URI.create(url);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "opml.chain.public-rpc-url is shown to everybody: give an http or https address without"
              + " user information");
    }
    return url;
  }

  /** Whether a URL is scheme, host and port, and nothing that could be a secret. */
  static boolean bare(String url) {
    URI uri = URI.create(url);
    String path = uri.getRawPath();
    return uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && (path == null || path.isEmpty() || path.equals("/"));
  }
}
