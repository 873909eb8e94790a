package opml.prompt;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import opml.http.Client;
import opml.http.Events;
import opml.http.Json;
import opml.http.Page;
import opml.http.Problem;
import opml.http.Streams;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Prompts in our own form. */
@Path("/api/prompts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "prompts")
class PromptsResource {
  private final Prompts prompts;
  private final PromptStreams streams;
  private final Streams places;

  PromptsResource(Prompts prompts, PromptStreams streams, Streams places) {
    this.prompts = prompts;
    this.streams = streams;
    this.places = places;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RequestBody(content = @Content(schema = @Schema(implementation = Submission.class)))
  @APIResponse(
      responseCode = "202",
      description = "Stored; its events and its answer follow under its own address",
      content = @Content(schema = @Schema(implementation = Prompts.Accepted.class)))
  @Operation(
      operationId = "submitPrompt",
      summary = "Asks; the answer is made whether anybody listens or not")
  public Response submit(
      byte[] body, @HeaderParam("Idempotency-Key") String key, @Context HttpServerRequest from) {
    Prompts.Accepted accepted =
        prompts.submit(Json.read(body, Submission.class), key, Client.of(from));
    URI address = URI.create("/api/prompts/" + accepted.id());
    return Response.accepted(accepted).location(address).build();
  }

  @GET
  @Transactional
  @Operation(operationId = "listPrompts", summary = "Prompts, newest first")
  public Page<PromptView> list(
      @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
    return prompts.list(Page.Range.of(cursor, limit));
  }

  @GET
  @Path("{id}")
  @Operation(operationId = "showPrompt", summary = "A prompt and, when there is one, its answer")
  public PromptView show(@PathParam("id") String id) {
    return prompts.find(parse(id));
  }

  @DELETE
  @Path("{id}")
  @APIResponse(responseCode = "204", description = "Stopped, or ended before")
  @Operation(
      operationId = "cancelPrompt",
      summary = "Stops a prompt; for who asked, by the stopToken of the answer to the POST")
  public void cancel(@PathParam("id") String id, @HeaderParam("Opml-Stop-Token") String token) {
    prompts.cancel(parse(id), token);
  }

  /**
   * Events: {@code phase} {"phase"}, {@code token} {"text"}, at last {@code done} with the prompt.
   * An event's id is the number of UTF-16 units of text sent, so Last-Event-ID asks for the rest.
   */
  @GET
  @Path("{id}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RunOnVirtualThread
  @Operation(
      operationId = "followPrompt",
      summary = "The answer as it is made, as server-sent events")
  public Response events(
      @PathParam("id") String id,
      @HeaderParam("Last-Event-ID") String last,
      @Context RoutingContext context) {
    UUID prompt = parse(id);
    PromptView now = prompts.find(prompt);
    if ("end".equals(last)) {
      return Response.noContent().build(); // tells an EventSource not to come back
    }
    int seen = last != null && last.matches("[0-9]{1,7}") ? Integer.parseInt(last) : 0;
    places.admit(context);
    StreamingOutput stream = out -> follow(now.id(), seen, new Events(out));
    return Response.ok(stream)
        .type(MediaType.SERVER_SENT_EVENTS)
        .header("Cache-Control", "no-store")
        .build();
  }

  private void follow(UUID id, int seen, Events events) throws java.io.IOException {
    try {
      PromptView end = streams.follow(id, seen, new Sender(events, seen));
      events.send("end", "done", end);
    } catch (java.io.IOException e) {
      throw e; // the reader has gone; the prompt goes on
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Sender implements PromptStreams.Reader {
    private final Events events;
    private int seen;
    private String status = "";

    Sender(Events events, int seen) {
      this.events = events;
      this.seen = seen;
    }

    @Override
    public void text(String text, int characters) throws java.io.IOException {
      if (!status.equals("writing")) {
        phase("writing");
      }
      seen = characters;
      events.send(Integer.toString(seen), "token", Map.of("text", text));
    }

    @Override
    public void idle(String now) throws java.io.IOException {
      switch (now) {
        case "QUEUED" -> phase("queued");
        case "RUNNING" -> phase(status.equals("writing") ? "writing" : "reading");
        default -> events.ping();
      }
    }

    private void phase(String phase) throws java.io.IOException {
      if (phase.equals(status)) {
        events.ping();
        return;
      }
      status = phase;
      events.send(Integer.toString(seen), "phase", Map.of("phase", phase));
    }
  }

  private static UUID parse(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw Problem.unknown("prompt", id);
    }
  }
}
