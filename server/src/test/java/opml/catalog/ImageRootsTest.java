package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * A model is named by the root of its weights, so no later version of the import may change it. The
 * roots were printed by an import that took values apart one by one.
 */
class ImageRootsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvFileSource(resources = "/opml/catalog/image-roots.csv", numLinesToSkip = 1)
  void rootsStayAsTheyWere(String shape, String type, String root) throws IOException {
    Path file = folder.resolve("m.gguf");
    Synthesis.write(file, shape, type, 7, Progress.NONE);
    ModelStore store = new ModelStore(folder);
    ModelInfo info = store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE);
    assertEquals(root, info.weightsRoot());
  }
}
