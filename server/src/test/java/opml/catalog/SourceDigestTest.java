package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceDigestTest {
  private static final long LONG = 300L << 20;

  @TempDir Path folder;

  @Test
  void shortFilesHaveTheirSha256() throws IOException {
    Path file = folder.resolve("f");
    Files.writeString(file, "");
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        SourceDigest.of(file, Progress.NONE));
    Files.writeString(file, "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        SourceDigest.of(file, Progress.NONE));
  }

  /** Longer than what may be read ahead, so it needs what others take. A hole, hence all zero. */
  @Test
  void aLongFileIsReadWhileOthersTakeIt() throws IOException {
    Path file = folder.resolve("f");
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(LONG);
    }
    String whole = SourceDigest.of(file, Progress.NONE);
    try (SourceDigest digest = new SourceDigest(Revision.of(file))) {
      for (long taken = 0; taken < LONG; taken += 1_000_000) {
        digest.taken(1_000_000);
      }
      assertEquals(whole, digest.hex(Progress.NONE));
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("absent");
    NoSuchFileException e =
        assertThrows(NoSuchFileException.class, () -> SourceDigest.of(file, Progress.NONE));
    assertEquals(file.toString(), e.getMessage());
  }
}
