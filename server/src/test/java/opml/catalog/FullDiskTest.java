package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full at the beginning or becomes full: a tmpfs in a name space of the test. */
class FullDiskTest {
  private static final String MOUNT = "mount -t tmpfs -o size=24m none \"$0\" && ";

  @Test
  void aFullDiskIsAnErrorThatNamesTheFileAndTheImportGoesOnAfterwards(@TempDir Path folder)
      throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounts(disk), "no name spaces of users here");
    Path file = folder.resolve("made.gguf");
    Synthesis.write(file, "tiny", "Q8_0", 3, Progress.NONE);
    String root =
        new ModelStore(folder)
            .importFile(file, "m", null, ActivationForm.EXACT, Progress.NONE)
            .weightsRoot();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        inNameSpace(
            MOUNT + "exec \"$1\" @src/main/jvm/opml.args -cp \"$2\" \"$3\" \"$0\" \"$4\" \"$5\"",
            disk,
            java,
            System.getProperty("java.class.path"),
            FullDisk.class.getName(),
            folder.toString(),
            file.toString());
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor());
    assertEquals(4, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("make room"), lines::toString);
    assertTrue(lines.get(1).contains("disk/models/.importing-m/"), lines::toString);
    assertEquals(root, lines.get(2));
    assertTrue(lines.get(3).contains("disk/nodes of "), lines::toString);
  }

  private static boolean mounts(Path disk) throws InterruptedException {
    try {
      return inNameSpace(MOUNT + "true", disk).waitFor() == 0;
    } catch (IOException e) {
      return false; // not Linux
    }
  }

  private static Process inNameSpace(String script, Path disk, String... arguments)
      throws IOException {
    List<String> command =
        new java.util.ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, disk.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
