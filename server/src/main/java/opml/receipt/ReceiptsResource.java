package opml.receipt;

import io.vertx.ext.web.RoutingContext;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import opml.commitment.Keccak;
import opml.http.Client;
import opml.http.Hex;
import opml.http.Json;
import opml.http.Page;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Receipts. */
@Path("/api/receipts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "receipts")
class ReceiptsResource {
  private final Receipts receipts;

  ReceiptsResource(Receipts receipts) {
    this.receipts = receipts;
  }

  @GET
  @Transactional
  @Operation(
      operationId = "listReceipts",
      summary = "Receipts, newest first",
      description =
          "A search for words reads at most "
              + Search.READ
              + " receipts a request: a page may hold few or none though next is not null, and the"
              + " search goes on from there.")
  public Page<ReceiptView> list(
      @Parameter(description = "Words, in any order, of the question or the answer")
          @QueryParam("text")
          String text,
      @Parameter(description = "Name of the model that answered") @QueryParam("model") String model,
      @Parameter(
              description = "Where the receipt stands",
              schema = @Schema(implementation = Receipt.Status.class))
          @QueryParam("status")
          String status,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") Integer limit,
      @Context RoutingContext context) {
    Client client = Client.of(context.request());
    return Search.page(Wanted.of(model, status, text), Page.Range.of(cursor, limit), client);
  }

  @GET
  @Path("{id}")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ReceiptView.class)))
  @Operation(operationId = "showReceipt", summary = "A receipt with the request and the answer")
  public Response show(@PathParam("id") String id, @Context Request request) {
    String body = Json.write(receipts.find(Hex.hash("id", id)));
    EntityTag tag =
        new EntityTag(Hex.of(Keccak.hash(body.getBytes(StandardCharsets.UTF_8))).substring(2, 34));
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
    return unchanged != null
        ? unchanged.build()
        : Response.ok(body, MediaType.APPLICATION_JSON).tag(tag).build();
  }
}
