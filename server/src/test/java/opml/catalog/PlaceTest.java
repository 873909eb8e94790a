package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges of models that are stopped in the middle, and files that cannot be deleted yet. */
class PlaceTest {
  @TempDir Path home;
  private Path models;
  private ModelStore store;
  private String before;
  private String after;

  /** A model m, and one of another seed that is to replace it. */
  @BeforeEach
  void made() throws IOException {
    models = home.resolve("models");
    store = new ModelStore(home);
    before = imported("m", 3);
    after = imported("n", 4);
  }

  private String imported(String name, int seed) throws IOException {
    Path file = home.resolve("made.gguf");
    Synthesis.write(file, "tiny", "Q8_0", seed, Progress.NONE);
    return store.importFile(file, name, null, ActivationForm.EXACT, Progress.NONE).weightsRoot();
  }

  /** As a kill between the two renames of an import leaves it. */
  private void tear() throws IOException {
    Files.move(models.resolve("m"), models.resolve(".replaced-m"));
    Files.move(models.resolve("n"), models.resolve(".importing-m"));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(models)) {
      return all.map(path -> path.getFileName().toString())
          .filter(file -> !file.startsWith(".lock-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void anExchangeThatWasStoppedIsEndedByWhoListsOrOpens() throws IOException {
    tear();
    assertEquals(List.of(after), store.list().stream().map(ModelInfo::weightsRoot).toList());
    assertEquals(List.of("m"), files());
    before = imported("n", 3);
    tear();
    try (ModelImage image = store.open("m", Progress.NONE)) {
      assertEquals(before, image.info().weightsRoot());
    }
    assertEquals(List.of("m"), files());
  }

  @Test
  void withoutAWholeNewModelTheOldOneComesBack() throws IOException {
    tear();
    Files.delete(models.resolve(".importing-m/weights.tree"));
    assertTrue(store.has("m"));
    assertEquals(before, store.list().getFirst().weightsRoot());
    assertEquals(after, imported("m", 4));
    assertEquals(List.of("m"), files());
  }

  @Test
  void anImportOverAStoppedExchangeTakesThePlace() throws IOException {
    tear();
    assertEquals(before, imported("m", 3));
    assertEquals(before, store.list().getFirst().weightsRoot());
    assertEquals(List.of("m"), files());
  }

  @Test
  void whatIsRemovedDoesNotComeBack() throws IOException {
    tear();
    store.remove("m");
    assertEquals(List.of(), store.list());
    assertEquals(List.of(), files());
  }

  /**
   * A disk is mounted inside a model: it can be renamed and not deleted, as a mapped file on NFS.
   */
  @Test
  void whatCannotBeDeletedIsDeletedLater() throws Exception {
    Path file = home.resolve("made.gguf");
    Process process =
        new ProcessBuilder(
                "unshare",
                "-rm",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@src/main/jvm/opml.args",
                "-cp",
                System.getProperty("java.class.path"),
                BusyModel.class.getName(),
                home.toString(),
                file.toString())
            .start();
    List<String> lines = process.inputReader().lines().toList();
    String errors = String.join("\n", process.errorReader().lines().toList());
    assumeTrue(process.waitFor() == 0 || !errors.contains("unshare"), "no name spaces here");
    assertEquals(0, process.exitValue(), errors);
    assertEquals(
        List.of(
            "[.removed-m+1, m, n]", // replaced
            "[.removed-m+1, m, n]", // replaced again: no more of it
            "[m, n]", // listed
            "[.removed-m+1, n]", // removed
            "[.removed-m+1, n]", // tidied too early
            "[n]"), // tidied when it is free
        lines);
  }
}
