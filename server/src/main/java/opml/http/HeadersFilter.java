package opml.http;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import opml.role.Role;
import opml.role.Roles;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Security headers and X-Request-Id on every response, static files included; requests that come
 * from pages elsewhere or are too large end here.
 *
 * <p>Model output is untrusted text: the policy lets nothing run or load that this server did not
 * ship. WebAssembly may be compiled, and the page may ask the chain's RPC itself.
 */
@ApplicationScoped
class HeadersFilter {
  private static final Logger REQUESTS = Logger.getLogger("opml.http.requests");
  private static final Pattern API = Pattern.compile("^/(api|v1|q|openapi)(/|$)");
  private static final Pattern FORM =
      Pattern.compile("^\\s*(multipart/|application/x-www-form-urlencoded)", CASE_INSENSITIVE);
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** Swagger UI is a tool of developers with styles of its own kind; it shows no model output. */
  private static final String TOOL_POLICY =
      "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'";

  private final Set<String> hosts;
  private final String policy;
  private final long bodyMax;
  private final boolean serves;

  HeadersFilter(
      PublicRpc rpc,
      Roles roles,
      @ConfigProperty(name = "opml.http.hosts") Set<String> hosts,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size")
          io.quarkus.runtime.configuration.MemorySize bodyMax) {
    this.serves = roles.plays(Role.API);
    this.hosts = hosts;
    this.bodyMax = bodyMax.asLongValue();
    // The reader chooses whose node to believe, so the page may ask any RPC endpoint that is not in
    // clear text on a network.
    String connect =
        "connect-src 'self' https: http://127.0.0.1:* http://localhost:*"
            + (rpc.origin() == null ? "" : " " + rpc.origin())
            + "; ";
    policy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
            + connect
            + "img-src 'self' data:; style-src 'self'; font-src 'self'; worker-src 'self'; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  void install(@Observes Filters filters) {
    filters.register(this::filter, 100);
  }

  /** What the router refuses before any filter; later failures pass. */
  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::unrouted);
  }

  private void unrouted(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (response.headers().contains("X-Request-Id")) {
      context.next();
      return;
    }
    secure(response, policy, UUID.randomUUID().toString());
    String path = context.request().path() == null ? "" : context.request().path();
    if (context.statusCode() == 400) {
      refuse(response, path, invalidHost());
    } else {
      String detail = "Paths begin with /: /openapi lists what may be asked.";
      refuse(response, path, new Problem(404, "http-404", "Not Found", detail, null));
    }
  }

  static Problem invalidHost() {
    String detail = "HTTP/1.1 asks for one header Host: send the name and port of this server.";
    return new Problem(400, "invalid-host", "Invalid host", detail, "Host");
  }

  private void filter(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    String path = request.path() == null ? "" : request.path();
    boolean tool = path.startsWith("/q/swagger-ui");
    String id = requestId(request.getHeader("X-Request-Id"));
    secure(response, tool ? TOOL_POLICY : policy, id);
    if (!API.matcher(path).find()) {
      // or a page of an earlier build would check answers of this one for a day
      response.putHeader("Cache-Control", "no-cache");
    }
    log(context, path, id);
    Problem problem = refusal(request);
    if (problem == null && !serves && (tool || !path.startsWith("/q/"))) {
      String detail = "This process does not play the role api: ask one whose opml.roles name it.";
      problem = new Problem(404, "no-api", "No API here", detail, null);
    }
    if (problem == null) {
      context.next();
      return;
    }
    refuse(response, path, problem);
  }

  /** What every answer has. */
  static void secure(HttpServerResponse response, String policy, String id) {
    response
        .putHeader("Content-Security-Policy", policy)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("X-Request-Id", id);
  }

  /** Answers a request of which whatever body is under way is not read. */
  static void refuse(HttpServerResponse response, String path, Problem problem) {
    if (problem.retryAfter() != 0) {
      response.putHeader("Retry-After", Integer.toString(problem.retryAfter()));
    }
    response
        .putHeader("Content-Type", problem.mediaType(path))
        .putHeader("Connection", "close")
        .setStatusCode(problem.status())
        .end(problem.body(path));
  }

  private Problem refusal(HttpServerRequest request) {
    HostAndPort authority = authority(request);
    if (authority == null || !hosts.contains(authority.host())) {
      String detail = "This server is not reached under that name: add it to opml.http.hosts.";
      return new Problem(421, "unknown-host", "Unknown host", detail, null);
    }
    // A page elsewhere can post without asking first when it leaves the content type out.
    String origin = request.getHeader("Origin");
    boolean foreign = origin != null && !authority.toString().equals(authority(origin));
    if (foreign && !READING.contains(request.method())) {
      String detail = "Pages of other origins may not change anything here.";
      return new Problem(403, "foreign-origin", "Foreign origin", detail, "Origin");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      String detail = "Bodies are read as they are: send this one without Content-Encoding.";
      return new Problem(415, "encoded-body", "Encoded body", detail, "Content-Encoding");
    }
    String type = request.getHeader("Content-Type");
    if (type != null && FORM.matcher(type).find() && hasBody(request)) {
      String detail = "Forms are not taken: send the body as Content-Type: application/json.";
      return new Problem(415, "http-415", "Unsupported Media Type", detail, "Content-Type");
    }
    String length = request.getHeader("Content-Length");
    if (length != null && length.matches("[0-9]{1,18}") && Long.parseLong(length) > bodyMax) {
      return oversized("takes " + length, bodyMax);
    }
    return null;
  }

  /** Of one that only reads no body is looked at. */
  static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    boolean has = length != null && !length.equals("0");
    boolean chunked = request.getHeader("Transfer-Encoding") != null;
    return !READING.contains(request.method()) && (has || chunked);
  }

  static Problem oversized(String bytes, long most) {
    String detail = "The body " + bytes + " bytes, the limit is " + most + ".";
    return new Problem(413, "oversized-body", "Body too large", detail, null);
  }

  /** What the request says the server is called, or null. */
  private static HostAndPort authority(HttpServerRequest request) {
    try {
      return request.authority();
    } catch (VertxException e) { // HTTP/1.1 without Host
      return null;
    }
  }

  /** Host and port of an Origin header; empty where it has none, as of "null". */
  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : authority;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** One line a request: no query, no header, no body, and the path still percent-encoded. */
  private static void log(RoutingContext context, String path, String id) {
    if (REQUESTS.isInfoEnabled()) {
      long start = System.nanoTime();
      String method = context.request().method().name();
      context.addEndHandler(
          any ->
              REQUESTS.infof(
                  "%s %s %d %d ms %s",
                  method,
                  path.replaceAll("[^\\x21-\\x7e]", "?"),
                  context.response().getStatusCode(),
                  (System.nanoTime() - start) / 1_000_000,
                  id));
    }
  }

  private static String requestId(String given) {
    boolean usable = given != null && given.matches("[A-Za-z0-9._-]{1,64}");
    return usable ? given : UUID.randomUUID().toString();
  }
}
