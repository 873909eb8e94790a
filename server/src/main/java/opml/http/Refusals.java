package opml.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Answers requests that are refused before they are routed; their connection is closed then. */
final class Refusals {
  /** There is nothing to be shown. */
  private static final String POLICY = "default-src 'none'; frame-ancestors 'none'";

  private final int lineMax;
  private final int headersMax;

  Refusals(int lineMax, int headersMax) {
    this.lineMax = lineMax;
    this.headersMax = headersMax;
  }

  /** Reads requests of such sizes. */
  Decoder decoder() {
    return new Decoder(lineMax, headersMax);
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

  static Problem unclear() {
    String detail =
        "Where the body ends is told once, by one Content-Length or, in HTTP/1.1, by"
            + " Transfer-Encoding: chunked.";
    return new Problem(400, "unclear-body", "Unclear where the body ends", detail, null);
  }

  /** Quarkus refuses such addresses without a word; Vert.x looks at the first Host alone. */
  static Problem unlike(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return null; // told by its own reason
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1) {
      String detail = version + " is not spoken here: send HTTP/1.1 or HTTP/1.0.";
      return new Problem(505, "http-505", "HTTP Version Not Supported", detail, null);
    }
    HttpHeaders headers = request.headers();
    if (headers.getAll(HttpHeaderNames.HOST).size() > 1) {
      return HeadersFilter.invalidHost();
    }
    Problem problem = body(headers, version);
    if (problem != null) {
      return problem;
    }
    try {
      new URI(request.uri());
      return null;
    } catch (URISyntaxException e) {
      String detail = "The address has a character that no URI has: write it as % and two digits.";
      return new Problem(400, "invalid-address", "Invalid address", detail, "path");
    }
  }

  /** Of what is not said plainly, Netty makes something; a proxy may make something else of it. */
  private static Problem body(HttpHeaders headers, HttpVersion version) {
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    if (!codings.isEmpty() && !chunked) {
      String detail = "Bodies come as they are or chunked: leave other codings out.";
      return new Problem(501, "unknown-coding", "Unknown coding", detail, "Transfer-Encoding");
    }
    // these two headers of a draft of WebSocket promise Netty eight bytes that no other sees
    boolean draft =
        headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
            && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2);
    return draft || chunked && version.equals(HttpVersion.HTTP_1_0) ? unclear() : null;
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
