package opml.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Adds to every operation what all have in common: the form of errors. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ApiDescription implements OASFilter {
  @Override
  public void filterOpenAPI(OpenAPI api) {
    api.setServers(null);
    api.getComponents().addSchema("Problem", problem());
    api.getComponents().addSchema("Error", error());
    api.getPaths()
        .getPathItems()
        .forEach(
            (path, item) ->
                item.getOperations().values().forEach(operation -> errors(path, operation)));
  }

  private static void errors(String path, Operation operation) {
    boolean openai = path.startsWith("/v1/");
    String type = openai ? "application/json" : "application/problem+json";
    APIResponse error =
        OASFactory.createAPIResponse()
            .description("What is wrong, and how to put it right; Retry-After with 429 and 503")
            .content(
                OASFactory.createContent()
                    .addMediaType(
                        type,
                        OASFactory.createMediaType().schema(ref(openai ? "Error" : "Problem"))));
    operation.getResponses().removeAPIResponse("400");
    operation.getResponses().addAPIResponse("default", error);
  }

  private static Schema problem() {
    Schema schema = object("RFC 9457; type is urn:opml:problem: and a stable name");
    for (String name : new String[] {"type", "title", "detail", "instance", "field"}) {
      schema.addProperty(name, text());
    }
    return schema.addProperty(
        "status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER));
  }

  private static Schema error() {
    Schema inner = object("OpenAI's form of an error");
    for (String name : new String[] {"message", "type", "param", "code"}) {
      inner.addProperty(name, text());
    }
    return object("An error under /v1").properties(Map.of("error", inner));
  }

  private static Schema object(String what) {
    return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT).description(what);
  }

  private static Schema text() {
    return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
  }

  private static Schema ref(String name) {
    return OASFactory.createSchema().ref("#/components/schemas/" + name);
  }
}
