package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
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

  private static int find(byte[] bytes, String text) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertTrue(at > 0, text);
    return at + text.length();
  }

  /** Damages the bytes behind a name and imports. */
  private void refused(String name, Consumer<ByteBuffer> damage, String message)
      throws IOException {
    byte[] bytes = tiny();
    ByteBuffer behind = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    damage.accept(behind.position(find(bytes, name)).slice().order(ByteOrder.LITTLE_ENDIAN));
    Path file = file(bytes, bytes.length);
    ModelStore store = new ModelStore(folder.resolve("home"));
    GgufException e =
        assertThrows(
            GgufException.class,
            () -> store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void aLicenceDoesNotSteerTheTerminal() throws IOException {
    byte[] bytes = tiny();
    int at = find(bytes, "general.license") + 12; // type and length
    bytes[at] = 0x1b;
    bytes[at + 1] = '\r';
    ModelStore store = new ModelStore(folder.resolve("home"));
    store.importFile(file(bytes, bytes.length), "m", null, ActivationForm.EXACT, Progress.NONE);
    String licence = store.list().getFirst().licence();
    assertTrue(licence.startsWith("??"), licence);
    String longer = "x".repeat(1 << 20);
    store.importFile(file(bytes, bytes.length), "m", longer, ActivationForm.EXACT, Progress.NONE);
    assertTrue(store.list().getFirst().licence().length() < 1000);
  }

  @Test
  void sizesBeyondCountingAndSharedBytesAreRefused() throws IOException {
    String matrix = "blk.1.ffn_up.weight";
    refused(
        matrix,
        b -> b.putLong(4, 1L << 31).putLong(12, 1L << 31).putInt(20, TensorType.F16.number),
        "beyond the end of the file");
    refused(matrix, b -> b.putLong(24, 0), "begins inside another one");
  }

  @Test
  void metadataThatReadersTakeDifferentlyOrThatIsNoNumberIsRefused() throws IOException {
    refused(
        "llama.attention.layer_norm_rms_epsilon", b -> b.putFloat(4, Float.NaN), "is NaN; 1.0E-30");
    refused("llama.rope.freq_base", b -> b.putFloat(4, -1), "is -1.0; 1.0 to");
    String name = "bos_token_id";
    refused(
        name, b -> b.array()[b.arrayOffset() - name.length()] = 'e', "eos_token_id occurs twice");
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
