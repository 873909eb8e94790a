package opml.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import opml.role.Role;
import opml.role.Roles;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a resource throws into the error form of its part of the interface. */
public final class ProblemMapper {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  private final Methods methods;
  private final boolean serves;

  ProblemMapper(Methods methods, Roles roles) {
    this.methods = methods;
    serves = roles.plays(Role.API);
  }

  @ServerExceptionMapper
  public Response problem(Problem problem, UriInfo uri) {
    return response(problem, uri);
  }

  @ServerExceptionMapper
  public Response json(JsonProcessingException e, UriInfo uri) {
    return response(Json.unreadable(e), uri);
  }

  @ServerExceptionMapper
  public Response http(WebApplicationException e, UriInfo uri) {
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof Problem problem) {
        return response(problem, uri);
      }
      if (t instanceof JsonProcessingException unreadable) {
        return response(Json.unreadable(unreadable), uri);
      }
    }
    if (e instanceof NotFoundException && e.getCause() instanceof IllegalArgumentException cause) {
      return response(parameter(cause, uri), uri);
    }
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    String reason = e.getResponse().getStatusInfo().getReasonPhrase();
    String detail = reason + ": " + remedy(status, uri.getRequestUri().getRawPath());
    Response told = response(new Problem(status, "http-" + status, reason, detail, null), uri);
    return status == 405 ? Response.fromResponse(told).header("Allow", allowed(uri)).build() : told;
  }

  private String allowed(UriInfo uri) {
    return methods.of(uri.getRequestUri().getRawPath());
  }

  private String remedy(int status, String path) {
    if (!serves) {
      return "this process has /q/health and /q/metrics alone.";
    }
    return switch (status) {
      case 404 ->
          path.startsWith("/v1/")
              ? "of OpenAI's interface this server has /v1/chat/completions, /v1/completions and"
                  + " /v1/models."
              : "/openapi lists what may be asked.";
      case 406 -> "send Accept: application/json, or none.";
      case 415 -> "send the body as Content-Type: application/json.";
      case 405 -> "Allow tells the methods of this address.";
      default -> "/openapi lists what may be asked.";
    };
  }

  /** A query parameter that is not of its type; the framework calls such a resource not found. */
  private static Problem parameter(IllegalArgumentException cause, UriInfo uri) {
    String message = String.valueOf(cause.getMessage()).replace("For input string: ", "not ");
    String field =
        uri.getQueryParameters().entrySet().stream()
            .filter(e -> e.getValue().stream().anyMatch(v -> message.contains("\"" + v + "\"")))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(null);
    String what = field == null ? "A query parameter" : field;
    return Problem.invalid(field, what + " must be what /openapi says, " + message + ".");
  }

  @ServerExceptionMapper
  public Response defect(RuntimeException e, UriInfo uri) {
    // The detail stays in the log: a message of ours may hold what a caller must not see.
    LOG.errorf(e, "%s failed", uri.getRequestUri().getRawPath());
    String detail = "The server failed; its log tells more under this request's X-Request-Id.";
    return response(new Problem(500, "defect", "Server failure", detail, null), uri);
  }

  private static Response response(Problem problem, UriInfo uri) {
    String path = uri.getRequestUri().getRawPath();
    Response.ResponseBuilder answer =
        Response.status(problem.status()).type(problem.mediaType(path)).entity(problem.body(path));
    return problem.retryAfter() == 0
        ? answer.build()
        : answer.header("Retry-After", problem.retryAfter()).build();
  }
}
