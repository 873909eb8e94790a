package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk or a hand did to files of the store. */
class DamagedStoreTest {
  @TempDir Path home;
  private ModelStore store;
  private Path folder;

  @BeforeEach
  void made() throws IOException {
    store = new ModelStore(home);
    Path file = home.resolve("made.gguf");
    Synthesis.write(file, "tiny", "Q8_0", 3, Progress.NONE);
    store.importFile(file, "a", null, ActivationForm.EXACT, Progress.NONE);
    store.importFile(file, "b", null, ActivationForm.EXACT, Progress.NONE);
    folder = home.resolve("models/a");
  }

  private List<String> names(List<String> damaged) throws IOException {
    return store.list(damaged::add).stream().map(ModelInfo::name).toList();
  }

  private String refused() {
    return assertThrows(IOException.class, () -> store.open("a", Progress.NONE)).getMessage();
  }

  @Test
  void aModelThatCannotBeReadIsNamedAndKeepsNobodyFromTheOthers() throws IOException {
    Path info = folder.resolve(ModelStore.INFO);
    String whole = Files.readString(info);
    List<String> contents =
        List.of("", "{", "{}", "null", "[]", "7", whole.substring(0, 200), whole + "}}");
    for (String content : contents) {
      boolean stillWhole = content.startsWith(whole);
      Files.writeString(info, stillWhole ? whole.replaceFirst("0x[0-9a-f]{9}", "0x") : content);
      List<String> damaged = new ArrayList<>();
      assertEquals(List.of("b"), names(damaged), content);
      assertEquals(1, damaged.size(), content);
      assertTrue(damaged.getFirst().contains("models/a is damaged ("), damaged::toString);
      assertTrue(refused().contains("opml model remove a"), content);
      store.open("b", Progress.NONE).close();
    }
    Files.delete(info);
    List<String> damaged = new ArrayList<>();
    assertEquals(List.of("b"), names(damaged));
    assertTrue(damaged.getFirst().contains("holds no imported model"), damaged::toString);
    store.remove("a");
    assertFalse(Files.exists(folder));
    assertEquals(List.of("b"), names(new ArrayList<>()));
  }

  @Test
  void weightsOfAnotherLengthAreRefused() throws IOException {
    Path weights = folder.resolve(ModelStore.WEIGHTS);
    byte[] whole = Files.readAllBytes(weights);
    for (int more : new int[] {-whole.length, -100_000, -64, -1, 1, 64, 100_000}) {
      Files.write(weights, java.util.Arrays.copyOf(whole, whole.length + more));
      assertTrue(refused().contains("models/a is damaged ("), () -> more + ": " + refused());
    }
    Files.delete(weights);
    assertTrue(refused().contains("weights.bin is missing"), this::refused);
    Files.createDirectory(weights);
    assertTrue(refused().contains("weights.bin cannot be read"), this::refused);
  }

  @Test
  void aBitThatTheDiskLostIsFound() throws IOException {
    Random random = new Random(4);
    for (String name : List.of(ModelStore.WEIGHTS, ModelStore.TREE)) {
      Path file = folder.resolve(name);
      long length = Files.size(file) - (name.equals(ModelStore.TREE) ? 32 : 0); // less the root
      for (int i = 0; i < 30; i++) {
        long at = i == 0 ? 0 : i == 1 ? length - 1 : random.nextLong(length);
        int bit = 1 << random.nextInt(8);
        flip(file, at, bit);
        try (ModelImage image = store.open("a", Progress.NONE)) {
          IOException e = assertThrows(IOException.class, () -> image.check(Progress.NONE));
          assertTrue(e.getMessage().contains("models/a is damaged ("), e.getMessage());
        }
        flip(file, at, bit);
      }
    }
    try (ModelImage image = store.open("a", Progress.NONE)) {
      image.check(Progress.NONE);
    }
  }

  private static void flip(Path path, long at, int bit) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int was = file.read();
      file.seek(at);
      file.write(was ^ bit);
    }
  }

  @Test
  void theBeginningOfAnImportIsRemovedByItsName() throws IOException {
    Path begun = Files.createDirectory(home.resolve("models/.importing-c"));
    Files.write(begun.resolve(ModelStore.WEIGHTS), new byte[1000]);
    store.remove("c");
    assertFalse(Files.exists(begun));
    assertThrows(IllegalArgumentException.class, () -> store.remove("c"));
  }
}
