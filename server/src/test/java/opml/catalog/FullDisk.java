package opml.catalog;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Imports on a small disk that others fill meanwhile, as a process of its own. */
final class FullDisk {
  private static final long LONG = 100L << 20;

  private FullDisk() {}

  /** Arguments: the disk, a folder elsewhere, a model file. */
  public static void main(String[] args) throws IOException {
    Path disk = Path.of(args[0]);
    Path filler = disk.resolve("filler");
    ModelStore store = new ModelStore(disk);
    fill(filler);
    report(() -> imported(store, args[2], Progress.NONE));
    Files.delete(filler);
    report(() -> imported(store, args[2], (what, done, total) -> fill(filler)));
    Files.delete(filler);
    report(() -> imported(store, args[2], Progress.NONE));

    Path content = Path.of(args[1], "content");
    try (RandomAccessFile f = new RandomAccessFile(content.toFile(), "rw")) {
      f.setLength(LONG);
    }
    report(
        () -> {
          WeightsTree.create(content, disk.resolve("nodes"), (what, done, total) -> fill(filler))
              .close();
          return "made";
        });
  }

  private interface Work {
    String run() throws IOException;
  }

  private static void report(Work work) {
    try {
      System.out.println(work.run());
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  private static String imported(ModelStore store, String file, Progress progress)
      throws IOException {
    return store.importFile(Path.of(file), "m", null, ActivationForm.EXACT, progress).weightsRoot();
  }

  /** Leaves no byte free. */
  private static void fill(Path filler) {
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      // it is full
    }
  }
}
