package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor that figures belong to. */
final class Processor {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** As the system names it, with the widest vectors; elsewhere than on Linux the architecture. */
  static String name() throws IOException {
    String name = System.getProperty("os.arch");
    if (!Files.isReadable(INFO)) {
      return name;
    }
    String widest = "";
    for (String line : Files.readAllLines(INFO)) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("model name")) {
        name = value;
      } else if (line.startsWith("flags")) {
        widest = value.contains("avx512f") ? ", AVX-512" : value.contains("avx2") ? ", AVX2" : "";
        break;
      }
    }
    return name + widest;
  }
}
