package opml.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor that figures belong to. */
final class Processor {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private static final int LINKS = 20_000_000;
  private static final int TURNS = 20;

  private Processor() {}

  /** Clock of this thread's core now: links of a chain take four cycles each. */
  static double gigahertz() {
    double best = 0;
    long end = 1;
    for (int i = 0; i < TURNS; i++) {
      long start = BenchVm.cpu();
      end = chain(end);
      best = Math.max(best, 4.0 * LINKS / (BenchVm.cpu() - start));
    }
    // so that the chain cannot be left out
    return end == 0 ? 0 : best;
  }

  /** A multiplication of three cycles and an XOR, each with what came before. */
  private static long chain(long x) {
    for (int i = 0; i < LINKS; i++) {
      x = x * 0x9e3779b97f4a7c15L ^ x >>> 33;
    }
    return x;
  }

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
