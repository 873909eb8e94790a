package opml.openai;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.util.UUID;
import opml.http.Client;
import opml.http.Events;
import opml.http.Json;
import opml.http.Problem;
import opml.http.Streams;
import opml.prompt.PromptStreams;
import opml.prompt.PromptView;
import opml.prompt.Prompts;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** POST /v1/chat/completions, streamed and not. */
@Path("/v1/chat/completions")
@Tag(name = "openai")
class ChatResource {
  private final Prompts prompts;
  private final PromptStreams streams;
  private final Completions completions;
  private final Streams places;

  ChatResource(Prompts prompts, PromptStreams streams, Completions completions, Streams places) {
    this.places = places;
    this.prompts = prompts;
    this.streams = streams;
    this.completions = completions;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RequestBody(content = @Content(schema = @Schema(implementation = ChatRequest.class)))
  @APIResponse(
      responseCode = "200",
      description = "One completion, or with stream its chunks as server-sent events",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = Completion.class)),
        @Content(mediaType = MediaType.SERVER_SENT_EVENTS)
      })
  @RunOnVirtualThread
  @Operation(
      operationId = "createChatCompletion",
      summary = "A chat completion in OpenAI's form, streamed or whole")
  public Response complete(
      byte[] body, @HeaderParam("Idempotency-Key") String key, @Context RoutingContext context)
      throws Exception {
    ChatRequest request = Json.readForeign(body, ChatRequest.class);
    Cut cut = new Cut(request.stops());
    places.admit(context);
    Client client = Client.of(context.request());
    UUID id = prompts.submit(request.submission(), key, client);
    if (!request.streamed()) {
      PromptView end = streams.follow(id, 0, new Waiting(id, key, context.response()));
      return Response.ok(completions.whole(end, cut), MediaType.APPLICATION_JSON)
          .header("Opml-Receipt", end.receiptId())
          .build();
    }
    boolean usage = request.usage();
    PromptView start = prompts.find(id);
    StreamingOutput stream = out -> stream(start, key, usage, cut, new Events(out));
    return Response.ok(stream)
        .type(MediaType.SERVER_SENT_EVENTS)
        .header("Cache-Control", "no-store")
        .build();
  }

  private void stream(PromptView start, String key, boolean usage, Cut cut, Events events)
      throws IOException {
    try {
      events.send(null, null, completions.first(start));
      PromptView end = streams.follow(start.id(), 0, new Chunks(start, cut, events));
      String rest = cut.rest();
      if (!rest.isEmpty()) {
        events.send(null, null, completions.part(start, rest));
      }
      events.send(null, null, completions.last(end, cut));
      if (usage) {
        events.send(null, null, completions.usage(end));
      }
      events.send(null, null, "[DONE]");
    } catch (IOException e) {
      gone(start.id(), key);
      throw e;
    } catch (Problem e) {
      events.send(null, null, completions.error(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops a prompt whose only reader has gone; with a key he, or another of his, may ask again. */
  private void gone(UUID id, String key) {
    if (key == null) {
      prompts.cancel(id);
    }
  }

  /** Sends nothing before the end, but notices when the reader has gone. */
  private final class Waiting implements PromptStreams.Reader {
    private final UUID id;
    private final String key;
    private final HttpServerResponse response;

    Waiting(UUID id, String key, HttpServerResponse response) {
      this.id = id;
      this.key = key;
      this.response = response;
    }

    @Override
    public void text(String text, int characters) {
      idle("RUNNING");
    }

    @Override
    public void idle(String status) {
      if (response.closed()) {
        gone(id, key);
      }
    }
  }

  private final class Chunks implements PromptStreams.Reader {
    private final PromptView start;
    private final Cut cut;
    private final Events events;

    Chunks(PromptView start, Cut cut, Events events) {
      this.start = start;
      this.cut = cut;
      this.events = events;
    }

    @Override
    public void text(String text, int characters) throws IOException {
      String shown = cut.grow(text);
      if (!shown.isEmpty()) {
        events.send(null, null, completions.part(start, shown));
      }
    }

    @Override
    public void idle(String status) throws IOException {
      events.ping();
    }
  }
}
