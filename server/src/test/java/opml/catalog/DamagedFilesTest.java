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
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertNothingLeft();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("home/models"))) {
      assertEquals(List.of(".lock-m"), left.map(p -> p.getFileName().toString()).toList());
    }
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
    refused(bytes, message);
  }

  private void refused(byte[] bytes, String message) throws IOException {
    Path file = file(bytes, bytes.length);
    ModelStore store = new ModelStore(folder.resolve("home"));
    GgufException e =
        assertThrows(
            GgufException.class,
            () -> store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertNothingLeft();
  }

  private static final int TEXT = 8; // types of values
  private static final int UNSIGNED = 10;
  private static final int SIGNED = 11;
  private static final int REAL = 12;

  /** The file with more fields in its metadata, each a name, a type and a value. */
  private static byte[] with(byte[] bytes, Object... fields) {
    ByteBuffer more = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < fields.length; i += 3) {
      put(more, (String) fields[i]).putInt((int) fields[i + 1]);
      switch (fields[i + 2]) {
        case String text -> put(more, text);
        case Double real -> more.putDouble(real);
        case Long whole -> more.putLong(whole);
        default -> more.put((byte[]) fields[i + 2]);
      }
    }
    put(more, "filler").putInt(TEXT);
    int filler = -(more.position() + 8) & 31; // what lies behind stays aligned
    more.putLong(filler).put(new byte[filler]).flip();
    ByteBuffer out = ByteBuffer.allocate(bytes.length + more.limit());
    out.order(ByteOrder.LITTLE_ENDIAN).put(bytes, 0, 24).put(more);
    out.put(bytes, 24, bytes.length - 24);
    return out.putLong(16, out.getLong(16) + fields.length / 3 + 1).array();
  }

  private static ByteBuffer put(ByteBuffer out, String text) {
    return out.putLong(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
  }

  private void added(String message, Object... fields) throws IOException {
    refused(with(tiny(), fields), message);
  }

  @Test
  void whatOtherReadersRefuseOrNoGuestComputesIsRefusedByName() throws IOException {
    String alignment = "general.alignment";
    added("general.alignment is 24; a power of two", alignment, UNSIGNED, 24L);
    added("general.alignment is 0; a power of two", alignment, UNSIGNED, 0L);
    String end = "tokenizer.ggml.eot_token_id";
    added("eot_token_id is -7, no token", end, SIGNED, -7L);
    added("eot_token_id is 8589934592, no token", end, SIGNED, 1L << 33);
    added("context_length is 1; this", "llama.attention.sliding_window", UNSIGNED, 1L);
    ByteBuffer many = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    many.putInt(0).putLong((1 << 22) + 1);
    added("together at most 4194304", "many", 9, many.array());
  }

  /** Otherwise angles are infinite, and their sines no numbers. */
  @Test
  void aFactorThatMakesInfiniteAnglesIsRefused() throws IOException {
    String rope = "llama.rope.scaling.";
    added("rope.scaling.factor", rope + "type", TEXT, "linear", rope + "factor", REAL, 1e-320);
  }

  @Test
  void aLicenceThatIsNoTextIsRefusedBeforeAnythingIsWritten() throws IOException {
    byte[] bytes = tiny();
    bytes[find(bytes, "general.license") - 1] = 'f';
    refused(with(bytes, "general.license", UNSIGNED, 1L), "general.license is a Long");
  }

  @Test
  void numbersOfTheShapeAreNamedAsInTheFile() throws IOException {
    refused("llama.block_count", b -> b.putInt(4, 257), "llama.block_count is 257; this guest");
    refused("llama.feed_forward_length", b -> b.putInt(4, 1), "llama.feed_forward_length is 1; ");
    String matrix = "blk.1.ffn_up.weight";
    refused(matrix, b -> b.putLong(12, 0), matrix + " is 0 x 128; 1 to 2147483647");
    refused(matrix, b -> b.putLong(24, b.getLong(24) + 2), "no multiple of 32");
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
    long most = Integer.MAX_VALUE;
    refused(
        matrix,
        b -> b.putLong(4, most).putLong(12, most).putInt(20, TensorType.F16.number),
        "beyond the end of the file");
    refused(matrix, b -> b.putLong(4, most + 1), "1 to 2147483647 is allowed");
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
