package opml.http;

import java.util.LinkedHashMap;
import java.util.Locale;
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
  private final int retryAfter; // seconds, or 0

  public Problem(int status, String slug, String title, String detail, String field) {
    this(status, slug, title, detail, field, 0);
  }

  private Problem(
      int status, String slug, String title, String detail, String field, int retryAfter) {
    super(detail, null, false, false);
    this.retryAfter = retryAfter;
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
    return new Problem(503, slug, "Not available now", detail, null, 5);
  }

  /**
   * 429: this client has all it may have; 503: all clients together have.
   *
   * @param seconds after which it is worth asking again
   */
  public static Problem busy(int status, String slug, String detail, int seconds) {
    String title = status == 429 ? "Too many at once" : "Busy";
    return new Problem(status, slug, title, detail + " Ask again later.", null, seconds);
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

  int retryAfter() {
    return retryAfter;
  }

  /** The error in the form of that part of the interface. */
  String body(String path) {
    return Json.write(openai(path) ? envelope() : details(path));
  }

  String mediaType(String path) {
    return openai(path) ? "application/json" : "application/problem+json";
  }

  private static boolean openai(String path) {
    return path.equals("/v1") || path.startsWith("/v1/");
  }

  private Map<String, Object> details(String instance) {
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
  private Map<String, Object> envelope() {
    Map<String, Object> error = new LinkedHashMap<>();
    String param = param();
    error.put("message", param == null ? getMessage() : getMessage().replace(field, param));
    error.put(
        "type",
        status == 429 ? "requests" : status < 500 ? "invalid_request_error" : "server_error");
    error.put("param", param);
    error.put("code", code());
    return Map.of("error", error);
  }

  /** The field by OpenAI's name, from which ours differs by camel case alone, and in its form. */
  private String param() {
    if (field == null || field.isEmpty()) {
      return null;
    }
    String path = field.replaceAll("/([0-9]+)", "[$1]").replaceFirst("^/", "").replace('/', '.');
    return path.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** OpenAI's code where it has one for this. */
  private String code() {
    return status == 429
        ? "rate_limit_exceeded"
        : slug.equals("unknown-model") ? "model_not_found" : slug.replace('-', '_');
  }
}
