package opml.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.UUID;

/** Answers requests that are refused before they are routed; their connection is closed then. */
final class Refusals {
  /** There is nothing to be shown. */
  private static final String POLICY = "default-src 'none'; frame-ancestors 'none'";

  private final int lineMax;
  private final long headersMax;

  Refusals(int lineMax, long headersMax) {
    this.lineMax = lineMax;
    this.headersMax = headersMax;
  }

  static Problem ahead(int most) {
    String detail = most + " requests wait on this connection for answers that are not taken yet.";
    return Problem.busy(429, "too-many-requests", detail, 1);
  }

  static Problem slow(Duration patience) {
    String detail = "The headers did not come in %d seconds: send them at once.";
    detail = detail.formatted(patience.toSeconds());
    return new Problem(408, "slow-headers", "Headers too slow", detail, null);
  }

  /** Quarkus refuses such addresses without a word; Vert.x looks at the first Host alone. */
  static Problem unlike(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return null; // told by its own reason
    }
    if (request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
      return HeadersFilter.invalidHost();
    }
    try {
      new URI(request.uri());
      return null;
    } catch (URISyntaxException e) {
      String detail = "The address has a character that no URI has: write it as % and two digits.";
      return new Problem(400, "invalid-address", "Invalid address", detail, "path");
    }
  }

  void answer(HttpServerRequest request) {
    Problem problem = problem(request.decoderResult().cause());
    String path = request.path() == null ? "/" : request.path();
    HeadersFilter.secure(request.response(), POLICY, UUID.randomUUID().toString());
    HeadersFilter.refuse(request.response(), path, problem);
  }

  private Problem problem(Throwable cause) {
    return switch (cause) {
      case Problem problem -> problem;
      case TooLongHttpLineException _ -> tooLong(414, "long-address", "The first line", lineMax);
      case TooLongHttpHeaderException _ ->
          tooLong(431, "long-headers", "All headers together", headersMax);
      default ->
          new Problem(
              400,
              "invalid-request",
              "Invalid request",
              "This is no HTTP/1.1: send METHOD PATH HTTP/1.1 and headers of the form Name: value.",
              null);
    };
  }

  private static Problem tooLong(int status, String slug, String what, long most) {
    String detail = what + " may have " + most + " bytes: send fewer.";
    return new Problem(status, slug, "Too long", detail, null);
  }
}
