package opml.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Security headers and X-Request-Id on every response, static files included.
 *
 * <p>Model output is untrusted text: the policy lets nothing run or load that this server did not
 * ship. WebAssembly may be compiled, and the page may ask the chain's RPC itself.
 */
@ApplicationScoped
class HeadersFilter {
  private final Set<String> hosts;
  private final String policy;

  HeadersFilter(
      @ConfigProperty(name = "opml.chain.rpc-url") Optional<String> rpcUrl,
      @ConfigProperty(name = "opml.http.hosts") Set<String> hosts) {
    this.hosts = hosts;
    String connect = "connect-src 'self'" + rpcUrl.map(url -> " " + origin(url)).orElse("") + "; ";
    policy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
            + connect
            + "img-src 'self' data:; style-src 'self'; font-src 'self'; worker-src 'self'; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  void install(@Observes Filters filters) {
    filters.register(this::headers, 100);
  }

  private void headers(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    // Swagger UI is a tool of developers with scripts of its own kind; it shows no model output.
    if (request.path() == null || !request.path().startsWith("/q/")) {
      response.putHeader("Content-Security-Policy", policy);
    }
    String host = request.authority() == null ? "" : request.authority().host();
    if (!hosts.contains(host)) {
      response.setStatusCode(421).putHeader("Content-Type", "application/problem+json");
      response.end(
          "{\"type\":\"urn:opml:problem:unknown-host\",\"title\":\"Unknown host\",\"status\":421,"
              + "\"detail\":\"This server is not reached under that name: add it to opml.http.hosts.\"}");
      return;
    }
    response.putHeader("X-Content-Type-Options", "nosniff");
    response.putHeader("Referrer-Policy", "no-referrer");
    response.putHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.putHeader("X-Request-Id", requestId(request.getHeader("X-Request-Id")));
    context.next();
  }

  private static String requestId(String given) {
    boolean usable = given != null && given.matches("[A-Za-z0-9._-]{1,64}");
    return usable ? given : UUID.randomUUID().toString();
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }
}
