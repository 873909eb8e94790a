package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import opml.guest.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports that go on after a kill, and refusals that name what would be right. */
class ImportTest {
  @TempDir Path folder;
  private Path home;
  private ModelStore store;

  @BeforeEach
  void store() {
    home = folder.resolve("home");
    store = new ModelStore(home);
  }

  private Path made(String shape, String type) throws IOException {
    Path file = folder.resolve("made.gguf");
    Synthesis.write(file, shape, type, 3, Progress.NONE);
    return file;
  }

  /** Stops an import as an error would, after some matrices. */
  private static final class Killed extends RuntimeException {}

  /** Imports in a process of its own and ends that with SIGKILL at a report of progress. */
  private boolean kill(Path file, String name, int report) throws Exception {
    Process process = HaltingImport.start(home, file, name, report);
    try (BufferedReader out = process.inputReader()) {
      if (out.readLine().equals("imported")) {
        assertEquals(0, process.waitFor());
        return false;
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    assertEquals(128 + 9, process.exitValue());
    return true;
  }

  private int journalled() throws IOException {
    Path journal = home.resolve("models/.importing-m/import.journal");
    return Integer.parseInt(Files.readAllLines(journal).get(1));
  }

  private String root(Path file, String name) throws IOException {
    return store.importFile(file, name, null, ActivationForm.EXACT, Progress.NONE).weightsRoot();
  }

  @Test
  void anImportThatIsKilledAgainAndAgainEndsWithTheSameRoot() throws Exception {
    Path file = made("tiny-qwen2", "Q4_K_M");
    String root = root(file, "whole");
    int before = 0;
    int kills = 0;
    // each goes on where the one before was killed, at its own second report: one step further
    while (kill(file, "m", 2)) {
      assertFalse(store.has("m"));
      assertEquals(List.of("whole"), store.list().stream().map(ModelInfo::name).toList());
      int now = journalled();
      assertTrue(now > before, now + " matrices after " + before);
      before = now;
      kills++;
    }
    assertTrue(kills > 0, "an import has more than one report");
    assertTrue(store.has("m"));
    assertEquals(root, root(file, "m"));
    assertEquals(
        -1,
        Files.mismatch(
            home.resolve("models/whole/weights.tree"), home.resolve("models/m/weights.tree")));
  }

  @Test
  void whatTheJournalNamesIsKeptAndEverythingElseMadeAgain() throws Exception {
    Path file = made("tiny", "Q8_0");
    String root = root(file, "whole");
    assertTrue(kill(file, "m", 1));
    assertEquals(1, journalled(), "the embedding is on the disk, the rest may be");
    Path weights = home.resolve("models/.importing-m/weights.bin");
    Path nodes = home.resolve("models/.importing-m/weights.tree");
    noise(weights, Files.size(weights) / 2);
    noise(nodes, Files.size(nodes) / 4);
    assertEquals(root, root(file, "m"));

    assertTrue(kill(file, "m", 1));
    noise(weights, Files.size(weights) / 40); // header, tables and a part of the embedding
    assertNotEquals(root, root(file, "m"), "nobody wrote the embedding again");
  }

  @Test
  void whatTheDiskLostIsMadeAgain() throws Exception {
    Path file = made("tiny", "Q8_0");
    String root = root(file, "whole");
    for (String lost : List.of("weights.bin", "weights.tree")) {
      assertTrue(kill(file, "m", 1));
      cut(home.resolve("models/.importing-m").resolve(lost), 64);
      assertEquals(root, root(file, "m"), lost);
    }
    assertTrue(kill(file, "m", 1));
    Path journal = home.resolve("models/.importing-m/import.journal");
    noise(journal, 0); // no text in UTF-8
    assertEquals(root, root(file, "m"), "journal");
    try (Stream<Path> files = Files.list(home.resolve("models/m"))) {
      assertEquals(
          List.of("model.json", "weights.bin", "weights.tree"),
          files.map(p -> p.getFileName().toString()).sorted().toList());
    }
  }

  private static void cut(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }

  /** The same file, length and time; header and tables do not say how positions are rotated. */
  @Test
  void anotherRotationIsAnotherImport() throws Exception {
    Path file = made("tiny", "Q8_0");
    String before = root(file, "before");
    assertTrue(kill(file, "m", 1));
    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    String key = "llama.rope.freq_base";
    bytes[find(bytes, key, 0) + key.length() + 4 + 2] ^= 0x40;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
    String root = root(file, "m");
    assertNotEquals(before, root);
    assertEquals(root(file, "after"), root);
  }

  private static void noise(Path file, long from) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = (int) from; i < bytes.length; i++) {
      bytes[i] = (byte) (7 * i + 1);
    }
    Files.write(file, bytes);
  }

  @Test
  void whatIsWrittenButNotShownYetIsNoModel() throws Exception {
    Path file = made("tiny", "Q4_0");
    String root = root(file, "m");
    Path models = home.resolve("models");
    Files.move(models.resolve("m"), models.resolve(".importing-m"));
    assertEquals(List.of(), store.list());
    assertEquals(root, root(file, "m"));
  }

  @Test
  void progressCountsWhatIsOnTheDiskUpToAllOfIt() throws IOException {
    List<Long> reports = new ArrayList<>();
    long[] whole = new long[1];
    ModelInfo info =
        store.importFile(
            made("tiny", "Q5_1"),
            "m",
            null,
            ActivationForm.EXACT,
            (what, done, total) -> {
              if (what.startsWith("Importing")) {
                reports.add(done);
                whole[0] = total;
              }
            });
    assertEquals(info.weightsBytes(), whole[0]);
    assertEquals(info.weightsBytes(), reports.getLast());
    assertEquals(reports.stream().sorted().distinct().toList(), reports);
  }

  @Test
  void whatAnotherFileLeftIsNotUsed() throws IOException {
    Path file = made("tiny", "Q8_0");
    assertThrows(
        Killed.class,
        () ->
            store.importFile(
                file,
                "m",
                null,
                ActivationForm.EXACT,
                (what, done, total) -> {
                  throw new Killed();
                }));
    Synthesis.write(file, "tiny", "Q4_0", 4, Progress.NONE);
    assertEquals(root(file, "other"), root(file, "m"));
    store.open("m", Progress.NONE).close(); // its nodes are as many as it needs
  }

  @Test
  void floatsBecomeAModelThatSaysSo() throws IOException {
    for (String type : List.of("F16", "BF16", "F32")) {
      ModelInfo info =
          store.importFile(made("tiny", type), type, null, ActivationForm.EXACT, Progress.NONE);
      assertEquals("Q8_0 from " + type, info.quantization());
      assertEquals("none: random weights", info.licence());
    }
  }

  @Test
  void theFastFormIsAnotherModelOfTheSameFile() throws IOException {
    Path file = made("tiny", "Q4_0");
    ModelInfo exact = store.importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE);
    ModelInfo fast = store.importFile(file, "f", null, ActivationForm.FAST, Progress.NONE);
    assertEquals(List.of("exact", "fast"), List.of(exact.form(), fast.form()));
    assertEquals(exact.sha256(), fast.sha256());
    assertFalse(exact.weightsRoot().equals(fast.weightsRoot()));
    try (ModelImage image = store.open("f", Progress.NONE)) {
      assertEquals(1023, image.weightsSegment().get(JAVA_INT, Header.LIMIT - Header.BASE));
    }
  }

  @Test
  void whatIsNotSupportedIsNamedBeforeAnythingIsWritten() throws IOException {
    Path file = made("tiny", "Q4_0");
    refused(file, "general.architecture", "llama", "gemma", "gemma; supported are llama, qwen2");
    refused(
        file, "tokenizer.ggml.pre", "gpt-2", "gpt-9", "only \"smollm\", \"gpt-2\", \"llama-bpe\"");
    refused(file, "tokenizer.ggml.model", "gpt2", "bert", "only \"gpt2\" and \"llama\"");
    refused(file, "tokenizer.chat_template", "<|im_end|>", "<|im_and|>", "supported are those of");
    Path other = folder.resolve("type.gguf");
    byte[] bytes = Files.readAllBytes(file);
    String name = "blk.1.attn_k.weight";
    bytes[find(bytes, name, 0) + name.length() + 4 + 16] = 19;
    Files.write(other, bytes);
    GgufException e =
        assertThrows(
            GgufException.class,
            () -> store.importFile(other, "m", null, ActivationForm.EXACT, Progress.NONE));
    for (String part : List.of(name, "at byte", "19", "Q4_K")) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertFalse(Files.exists(home.resolve("models/.importing-m")));
  }

  /** Imports the file with a text after {@code near} replaced by another of the same length. */
  private void refused(Path file, String near, String old, String fresh, String message)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = find(bytes, near, 0);
    at = find(bytes, old, at + near.length());
    System.arraycopy(fresh.getBytes(StandardCharsets.UTF_8), 0, bytes, at, fresh.length());
    Path changed = folder.resolve("changed.gguf");
    Files.write(changed, bytes);
    RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> store.importFile(changed, "m", null, ActivationForm.EXACT, Progress.NONE));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(Files.exists(home.resolve("models/.importing-m")));
  }

  private static int find(byte[] bytes, String text, int from) {
    byte[] what = text.getBytes(StandardCharsets.UTF_8);
    for (int i = from; i + what.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    throw new IllegalStateException(text + " is not in the file");
  }
}
