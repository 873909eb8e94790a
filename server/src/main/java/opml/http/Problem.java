package opml.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that can't be served, told to the client as problem details (RFC 9457) under /api and
 * as OpenAI's error envelope under /v1.
 *
 * <p>{@code slug} is stable: clients may compare it. {@code field} is the JSON pointer or parameter
 * at fault, or null. The message names the remedy.
 */
public final class Problem extends RuntimeException {
  static final String TYPE = "urn:opml:problem:";

  private final int status;
  private final String slug;
  private final String title;
  private final String field;

  public Problem(int status, String slug, String title, String detail, String field) {
    super(detail, null, false, false);
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.field = field;
  }

  /** 400: one field of the request is wrong. */
  public static Problem invalid(String field, String detail) {
    return new Problem(400, "invalid-field", "A field is invalid", detail, field);
  }

  /** 404: no such thing. */
  public static Problem unknown(String what, String id) {
    String detail = "There is no " + what + " " + id + " here.";
    return new Problem(404, "unknown-" + what, "Unknown " + what, detail, null);
  }

  /** 409: right request, wrong moment. */
  public static Problem conflict(String slug, String detail) {
    return new Problem(409, slug, "Not possible now", detail, null);
  }

  /** 503: a part of the system is away; the request may be repeated. */
  public static Problem unavailable(String slug, String detail) {
    return new Problem(503, slug, "Not available now", detail, null);
  }

  public int status() {
    return status;
  }

  public String slug() {
    return slug;
  }

  public String field() {
    return field;
  }

  Map<String, Object> details(String instance) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("type", TYPE + slug);
    out.put("title", title);
    out.put("status", status);
    out.put("detail", getMessage());
    out.put("instance", instance);
    if (field != null) {
      out.put("field", field);
    }
    return out;
  }

  /** OpenAI's form of the same. */
  Map<String, Object> envelope() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", status < 500 ? "invalid_request_error" : "server_error");
    error.put("param", field);
    error.put("code", slug.replace('-', '_'));
    return Map.of("error", error);
  }
}
