package opml.catalog;

import java.io.IOException;
import java.nio.file.Path;

/** An import as a process of its own that halts at a report of progress, to be killed there. */
final class HaltingImport {
  private HaltingImport() {}

  /** Begins one; the first line it prints says that it halts or that it imported all. */
  static Process start(Path home, Path file, String name, int report) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@src/main/jvm/opml.args",
            "-cp",
            System.getProperty("java.class.path"),
            HaltingImport.class.getName(),
            home.toString(),
            file.toString(),
            name,
            Integer.toString(report))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Arguments: home, file, name, reports up to that one, which is not returned from. */
  public static void main(String[] args) throws IOException {
    int[] left = {Integer.parseInt(args[3])};
    new ModelStore(Path.of(args[0]))
        .importFile(
            Path.of(args[1]),
            args[2],
            null,
            ActivationForm.EXACT,
            (what, done, total) -> {
              if (--left[0] == 0) {
                System.out.println("halted at " + done + " of " + total);
                halt();
              }
            });
    System.out.println("imported");
  }

  private static void halt() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
