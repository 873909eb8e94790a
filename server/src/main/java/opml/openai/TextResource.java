package opml.openai;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import opml.http.Json;
import opml.http.Streams;
import opml.prompt.PromptStreams;
import opml.prompt.Prompts;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** POST /v1/completions, streamed and not: a raw text, no chat template. */
@Path("/v1/completions")
@Tag(name = "openai")
class TextResource extends CompletionResource {
  TextResource(Prompts prompts, PromptStreams streams, Completions completions, Streams places) {
    super(prompts, streams, completions, places);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RequestBody(content = @Content(schema = @Schema(implementation = TextRequest.class)))
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
      operationId = "createCompletion",
      summary = "A raw text gone on with, in OpenAI's older form, streamed or whole")
  public Response complete(
      byte[] body, @HeaderParam("Idempotency-Key") String key, @Context RoutingContext context)
      throws Exception {
    return answer(Form.TEXT, Json.readForeign(body, TextRequest.class), key, context);
  }
}
