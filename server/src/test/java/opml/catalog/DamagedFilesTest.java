package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFilesTest {
  @TempDir Path folder;

  private static byte[] tiny() throws IOException {
    try (InputStream in =
        DamagedFilesTest.class.getResourceAsStream("/opml/models/opml-tiny.gguf")) {
      return in.readAllBytes();
    }
  }

  private Path file(byte[] bytes, int length) throws IOException {
    Path file = folder.resolve("damaged.gguf");
    Files.write(file, java.util.Arrays.copyOf(bytes, length));
    return file;
  }

  @Test
  void aFileThatIsCutOffIsRefusedBeforeAnythingIsWritten() throws IOException {
    byte[] bytes = tiny();
    Random r = new Random(1);
    ModelStore store = new ModelStore(folder.resolve("home"));
    for (int i = 0; i < 120; i++) {
      int length = i < 40 ? i : r.nextInt(i < 80 ? 60_000 : bytes.length - 64);
      Path cut = file(bytes, length);
      GgufException e =
          assertThrows(
              GgufException.class,
              () -> store.importFile(cut, "m", null, ActivationForm.EXACT, Progress.NONE),
              "cut at " + length);
      assertFalse(e.getMessage().isBlank());
      assertFalse(store.has("m"));
    }
  }

  @Test
  void aDamagedByteIsRefusedByNameOrChangesNothingThatMatters() throws IOException {
    byte[] bytes = tiny();
    Random r = new Random(2);
    for (int i = 0; i < 1500; i++) {
      byte[] damaged = bytes.clone();
      int at = i < 300 ? i : r.nextInt(40_000);
      damaged[at] ^= (byte) (1 + r.nextInt(255));
      try (Gguf g = Gguf.open(file(damaged, damaged.length))) {
        assertTrue(new Importer(g).shape(ActivationForm.EXACT).vocab() > 0);
      } catch (GgufException | IllegalArgumentException e) {
        assertFalse(e.getMessage().isBlank(), "byte " + at);
      } catch (RuntimeException | OutOfMemoryError e) {
        fail("byte " + at + " gave " + e);
      }
    }
  }

  @Test
  void aScaleThatIsNotFiniteIsRefusedWithItsTensor() throws IOException {
    byte[] bytes = tiny();
    Path whole = file(bytes, bytes.length);
    long at;
    try (Gguf g = Gguf.open(whole)) {
      at = bytes.length - 34L * (g.tensor("blk.0.ffn_down.weight").rows() / 2);
    }
    // every block of the file's end is Q8_0: its scale comes first
    byte[] damaged = bytes.clone();
    int from = (int) at;
    for (int i = from; i < from + 68; i++) {
      damaged[i] = (byte) 0xff;
    }
    ModelStore store = new ModelStore(folder.resolve("home"));
    Path file = file(damaged, damaged.length);
    GgufException e =
        assertThrows(
            GgufException.class,
            () -> store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE));
    assertTrue(e.getMessage().contains("weight"), e.getMessage());
  }

  /** The halves of a head alternate in the image; the message names the row of the file. */
  @Test
  void aRowThatGoesElsewhereIsNamedAsInTheFile() throws IOException {
    Path file = folder.resolve("made.gguf");
    Synthesis.write(file, "tiny-qwen2", "Q8_0", 3, Progress.NONE);
    byte[] bytes = Files.readAllBytes(file);
    try (Gguf g = Gguf.open(file)) {
      Gguf.Entry q = g.tensor("blk.1.attn_q.weight");
      bytes[(int) (q.offset() + 77 * q.type().size(q.columns())) + 1] = 0x7c;
    }
    Files.write(file, bytes);
    ModelStore store = new ModelStore(folder.resolve("home"));
    GgufException e =
        assertThrows(
            GgufException.class,
            () -> store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE));
    assertTrue(e.getMessage().contains("blk.1.attn_q.weight"), e.getMessage());
    assertTrue(e.getMessage().contains("in row 77:"), e.getMessage());
  }

  @Test
  void importingTwiceGivesTheSameRoot() throws IOException {
    Path file = file(tiny(), tiny().length);
    ModelStore store = new ModelStore(folder.resolve("home"));
    ModelInfo one = store.importFile(file, "one", null, ActivationForm.EXACT, Progress.NONE);
    ModelInfo two = store.importFile(file, "two", null, ActivationForm.EXACT, Progress.NONE);
    assertEquals(one.weightsRoot(), two.weightsRoot());
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("home/models/one/weights.bin"),
            folder.resolve("home/models/two/weights.bin")));
  }

  @Test
  void textThatIsNoModelIsNamedAsSuch() throws IOException {
    byte[] text = "This is a letter, not a model.".getBytes(StandardCharsets.UTF_8);
    Path file = file(text, text.length);
    GgufException e = assertThrows(GgufException.class, () -> Gguf.open(file));
    assertTrue(e.getMessage().contains("GGUF"), e.getMessage());
  }
}
