package opml.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which of a server's models a {@code --model} means. */
final class ServedModel {
  private ServedModel() {}

  /**
   * The server's name of the model, or null when it does not have it.
   *
   * @param wanted a name, a modelId or a GGUF file; null: the server's first
   */
  static String choose(JsonNode models, String wanted) throws IOException {
    Path file = wanted == null ? null : ModelOption.file(wanted);
    String sha = file == null ? null : Digests.sha256(file);
    for (JsonNode model : models) {
      boolean meant =
          wanted == null
              || wanted.equals(model.path("name").asText())
              || wanted.equals(model.path("modelId").asText())
              || sha != null && sha.equals(model.path("sha256").asText());
      if (meant) {
        return model.path("name").asText();
      }
    }
    return null;
  }

  static List<String> names(JsonNode models) {
    List<String> names = new ArrayList<>();
    models.forEach(model -> names.add(model.path("name").asText()));
    return names;
  }
}
