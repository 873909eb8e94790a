package opml.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import opml.http.Hex;
import opml.model.Model;
import opml.model.Models;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** GET /v1/models. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "openai")
class ModelsResource {
  private final Models models;

  ModelsResource(Models models) {
    this.models = models;
  }

  record Listing(String object, List<Entry> data) {}

  record Entry(
      String id,
      String object,
      long created,
      @JsonProperty("owned_by") String ownedBy,
      Opml opml) {}

  record Opml(String modelId, int context) {}

  @GET
  @Operation(operationId = "listOpenaiModels", summary = "The models, in OpenAI's form")
  public Listing list() {
    return new Listing("list", models.all().stream().map(ModelsResource::entry).toList());
  }

  @GET
  @Path("{id: .+}")
  @Operation(operationId = "showOpenaiModel", summary = "A model, in OpenAI's form")
  public Entry show(@PathParam("id") String id) {
    return entry(models.named(id));
  }

  private static Entry entry(Model model) {
    Opml opml = new Opml(Hex.of(model.id()), model.context());
    return new Entry(model.name(), "model", model.importedAt(), "opml", opml);
  }
}
