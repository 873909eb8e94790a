package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is not wanted any more. */
class RemoveTest {
  @TempDir Path home;

  @Test
  void aRemovedModelIsGoneAndComesBackTheSame() throws IOException {
    ModelStore store = new ModelStore(home);
    String root = root(store);
    store.remove("opml-tiny");
    assertFalse(store.has("opml-tiny"));
    assertEquals(List.of(), store.list());
    try (var left = Files.list(home.resolve("models"))) {
      assertEquals(List.of(".lock-opml-tiny"), left.map(p -> p.getFileName() + "").toList());
    }
    assertEquals(root, root(store));
  }

  private static String root(ModelStore store) throws IOException {
    try (ModelImage image = store.open("opml-tiny", Progress.NONE)) {
      return image.info().weightsRoot();
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    ModelStore store = new ModelStore(home);
    Exception none = assertThrows(IllegalArgumentException.class, () -> store.remove("opml-tiny"));
    assertTrue(none.getMessage().contains("there is no model opml-tiny"), none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> store.remove("../models"));
  }
}
