package opml.model;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opml.dispute.ProvenPages;
import opml.http.Backpressure;
import opml.http.Hex;
import opml.http.Operator;
import opml.http.Page;
import opml.http.Problem;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Models and their bytes: whoever fetches them can rebuild the roots and trust nobody. */
@Path("/api/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "models")
class ModelsResource {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final int CHUNK = 1 << 16;

  private final Models models;
  private final Halts halts;
  private final Operator operator;

  ModelsResource(Models models, Halts halts, Operator operator) {
    this.models = models;
    this.halts = halts;
    this.operator = operator;
  }

  @GET
  @Operation(operationId = "listModels", summary = "The models that are open")
  public Page<ModelView> list() {
    return new Page<>(models.all().stream().map(m -> ModelView.of(m, halts)).toList(), null);
  }

  @GET
  @Path("{id}")
  @Operation(operationId = "showModel", summary = "A model: roots, sizes, licence")
  public ModelView show(@PathParam("id") String id) {
    return ModelView.of(models.named(id), halts);
  }

  /** For the operator: ends what an audit began, the model is claimed and signed again. */
  @DELETE
  @Path("{id}/halt")
  @APIResponse(responseCode = "204", description = "Not halted any more, or never was")
  @Operation(operationId = "resumeModel", summary = "Ends the halt of a model; for the operator")
  public void resume(
      @PathParam("id") String id, @HeaderParam("Authorization") String authorization) {
    operator.require(authorization);
    halts.resume(models.named(id));
  }

  /** For the operator: closes a model of which nothing is open until the next start. */
  @DELETE
  @Path("{id}")
  @APIResponse(responseCode = "204", description = "Closed")
  @Operation(operationId = "unloadModel", summary = "Closes a model; for the operator")
  public void unload(
      @PathParam("id") String id, @HeaderParam("Authorization") String authorization) {
    operator.require(authorization);
    models.unload(id);
  }

  /** Content of the WEIGHTS region without its trailing zeros; Range: bytes=a-b is honoured. */
  @GET
  @Path("{id}/weights")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @APIResponse(responseCode = "206", description = "The part that Range names")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM,
              schema =
                  @Schema(
                      type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING,
                      format = "binary")))
  @Operation(operationId = "readWeights", summary = "The WEIGHTS region, whole or a range")
  @RunOnVirtualThread
  public Response weights(
      @PathParam("id") String id,
      @HeaderParam("Range") String range,
      @Context RoutingContext context) {
    Model model = models.named(id);
    long length = model.image().info().weightsBytes();
    MemorySegment content = model.image().weightsSegment().asSlice(0, length);
    return bytes(content, model.image().weightsRoot(), range, context);
  }

  /** Pages of WEIGHTS and the proof of their range: siblings from the pages upwards. */
  @GET
  @Path("{id}/weights/pages")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      operationId = "readWeightsPages",
      summary = "Pages of the WEIGHTS region, with their proof")
  public byte[] pages(
      @PathParam("id") String id,
      @QueryParam("page") long page,
      @QueryParam("count") @DefaultValue("1") int count) {
    Model model = models.named(id);
    try {
      return ProvenPages.of(model.image().weights(), model.image().sizes().weights(), page, count);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("page", e.getMessage());
    }
  }

  /** The guest image: content of the CODE region. */
  @GET
  @Path("{id}/code")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @APIResponse(responseCode = "206", description = "The part that Range names")
  @APIResponse(responseCode = "200")
  @Operation(operationId = "readCode", summary = "The CODE region, whole or a range")
  @RunOnVirtualThread
  public Response code(
      @PathParam("id") String id,
      @HeaderParam("Range") String range,
      @Context RoutingContext context) {
    Model model = models.named(id);
    MemorySegment content = MemorySegment.ofArray(model.image().codeBytes());
    return bytes(content, model.image().codeRoot(), range, context);
  }

  private static Response bytes(
      MemorySegment content, byte[] root, String range, RoutingContext context) {
    long length = content.byteSize();
    long first = 0;
    long last = length - 1;
    Matcher wanted = range == null ? null : RANGE.matcher(range);
    boolean part = wanted != null && wanted.matches() && !range.equals("bytes=-");
    if (part) {
      boolean suffix = wanted.group(1).isEmpty();
      long a = suffix ? length - Long.parseLong(wanted.group(2)) : Long.parseLong(wanted.group(1));
      boolean open = suffix || wanted.group(2).isEmpty();
      first = Math.max(0, a);
      last = open ? last : Math.min(last, Long.parseLong(wanted.group(2)));
      if (first > last) {
        throw new Problem(
            416, "range", "Range not satisfiable", "There are " + length + " bytes.", "Range");
      }
    }
    MemorySegment slice = content.asSlice(first, last - first + 1);
    StreamingOutput stream = out -> copy(slice, out, context);
    Response.ResponseBuilder answer =
        Response.status(part ? 206 : 200)
            .entity(stream)
            .type(MediaType.APPLICATION_OCTET_STREAM)
            .header("Accept-Ranges", "bytes")
            .header("Content-Length", slice.byteSize())
            .header("Cache-Control", "public, max-age=31536000, immutable")
            .tag(new EntityTag(Hex.of(root).substring(2)));
    return part
        ? answer.header("Content-Range", "bytes " + first + "-" + last + "/" + length).build()
        : answer.build();
  }

  private static void copy(MemorySegment from, OutputStream out, RoutingContext context)
      throws IOException {
    for (long at = 0; at < from.byteSize(); at += CHUNK) {
      long n = Math.min(CHUNK, from.byteSize() - at);
      out.write(from.asSlice(at, n).toArray(ValueLayout.JAVA_BYTE));
      out.flush();
      Backpressure.await(context);
    }
  }
}
