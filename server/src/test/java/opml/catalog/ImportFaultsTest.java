package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a model file, the store and its disk while an import runs. */
class ImportFaultsTest {
  @TempDir Path folder;
  private Path home;
  private Path file;
  private ModelStore store;

  @BeforeEach
  void made() throws IOException {
    home = folder.resolve("home");
    store = new ModelStore(home);
    file = folder.resolve("made.gguf");
    Synthesis.write(file, "tiny", "Q8_0", 3, Progress.NONE);
  }

  private interface Deed {
    void run() throws IOException;
  }

  /** Does something at the first report of an import's progress. */
  private ModelInfo during(String name, Deed deed) throws IOException {
    boolean[] did = new boolean[1];
    return store.importFile(
        file,
        name,
        null,
        ActivationForm.EXACT,
        (what, done, total) -> {
          if (!did[0]) {
            did[0] = true;
            try {
              deed.run();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }

  private void tail(byte[] bytes, long at) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.write(java.nio.ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void aFileThatChangesMeanwhileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Map<String, Deed> deeds = new LinkedHashMap<>();
    deeds.put("written to", () -> tail(new byte[100], whole.length - 100));
    deeds.put("appended to", () -> tail(new byte[100], whole.length));
    deeds.put("deleted", () -> Files.delete(file));
    deeds.put(
        "cut off",
        () -> {
          try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.truncate(whole.length / 2);
          }
        });
    deeds.put(
        "replaced by its copy",
        () -> {
          Path copy = folder.resolve("copy");
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
          Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        });
    for (Map.Entry<String, Deed> deed : deeds.entrySet()) {
      Files.write(file, whole);
      IOException e =
          assertThrows(IOException.class, () -> during("m", deed.getValue()), deed.getKey());
      assertTrue(e.getMessage().contains("made.gguf changed"), deed.getKey() + ": " + e);
      assertFalse(store.has("m"), deed.getKey());
    }
    Files.write(file, whole);
    assertEquals(during("n", () -> {}).weightsRoot(), during("m", () -> {}).weightsRoot());
  }

  @Test
  void aNameIsImportedByOneAtATime() throws Exception {
    during(
        "m",
        () -> {
          refused();
          during("other", () -> {});
          // what was refused in this process gave nothing up for others
          assertEquals(null, HaltingImport.start(home, file, "m", 0).inputReader().readLine());
        });
    assertEquals(2, store.list().size());
    Process process = HaltingImport.start(home, file, "m", 1);
    try {
      assertTrue(process.inputReader().readLine().startsWith("halted"));
      refused();
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    during("m", () -> {});
  }

  private void refused() {
    IOException e = assertThrows(IOException.class, () -> during("m", () -> {}));
    assertTrue(e.getMessage().contains("model m is being imported"), e.getMessage());
  }

  @Test
  void aLinkGivesWayAndWhatItNamesStays() throws IOException {
    during("n", () -> {});
    Files.createSymbolicLink(home.resolve("models/m"), home.resolve("models/n"));
    assertEquals("m", during("m", () -> {}).name());
    assertEquals(List.of("m", "n"), store.list().stream().map(ModelInfo::name).toList());
    store.open("n", Progress.NONE).close();
    assertFalse(Files.isSymbolicLink(home.resolve("models/m")));
  }

  @Test
  void figuresOfAModelAreNotThoseOfItsSuccessor() throws IOException {
    ModelInfo before = during("m", () -> {});
    Synthesis.write(file, "tiny", "Q8_0", 4, Progress.NONE);
    during("m", () -> {});
    ModelInfo.Gate gate = new ModelInfo.Gate(0, 1, 1, true);
    assertThrows(IOException.class, () -> store.record(before, gate));
    assertEquals(null, store.list().getFirst().gate());
  }
}
