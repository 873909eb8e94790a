package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import opml.step.StepVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A C program, compiled by gcc where it is installed, computes what the same program in Java does.
 */
class CompiledProgramTest {
  private static final String GCC = "riscv64-unknown-elf-gcc";

  @TempDir private Path folder;

  private byte[] compiled(String level) throws IOException, InterruptedException {
    Path source = folder.resolve("mixed.c");
    try (var in = CompiledProgramTest.class.getResourceAsStream("mixed.c")) {
      Files.write(source, in.readAllBytes());
    }
    Path elf = folder.resolve("mixed.elf");
    String flags =
        "-march=rv64im -mabi=lp64 -mcmodel=medany -ffreestanding -nostdlib -fno-builtin"
            + " -Wl,-Ttext=0x10000 -Wl,--section-start=.bss=0x20000 "
            + level;
    List<String> command = new java.util.ArrayList<>(List.of(GCC));
    command.addAll(List.of(flags.split(" ")));
    command.addAll(List.of("-o", elf.toString(), source.toString(), "-lgcc"));
    Process p = new ProcessBuilder(command).inheritIO().start();
    assertEquals(true, p.waitFor(60, TimeUnit.SECONDS) && p.exitValue() == 0, "gcc failed");
    return Files.readAllBytes(elf);
  }

  private static boolean installed() {
    for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, GCC))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theMachineComputesWhatJavaComputes() throws IOException, InterruptedException {
    assumeTrue(installed(), GCC + " is not installed");
    for (String level : new String[] {"-O0", "-O2"}) {
      ElfRun.Auditor some = new ElfRun.Auditor("verifier", StepVerifier::verify, 997);
      ElfRun.Result r = new ElfRun(compiled(level), false, List.of(some)).run(20_000_000);
      assertEquals("", r.problem(), level);
      assertEquals(work(), r.exitCode(), level);
    }
  }

  private static long mix(long h, long v) {
    return (h ^ v) * 0x9e3779b97f4a7c15L;
  }

  private static long work() {
    int seed = 7;
    long h = 1;
    int[] items = new int[1000];
    for (int i = 0; i < 1000; i++) {
      items[i] = seed = seed * 1664525 + 1013904223;
    }
    java.util.Arrays.sort(items);
    for (int i = 0; i < 1000; i += 37) {
      h = mix(h, items[i]);
    }
    boolean[] composite = new boolean[4096];
    for (int i = 2; i < 4096; i++) {
      if (!composite[i]) {
        h = mix(h, i);
        for (int j = 2 * i; j < 4096; j += i) {
          composite[j] = true;
        }
      }
    }
    int crc = -1;
    for (int i = 0; i < 5000; i++) {
      seed = seed * 1664525 + 1013904223;
      crc ^= seed >>> 24;
      for (int k = 0; k < 8; k++) {
        crc = crc >>> 1 ^ -(crc & 1) & 0xedb88320;
      }
    }
    h = mix(h, crc & 0xffffffffL);
    for (int i = 1; i < 3000; i++) {
      long a = mix(i, h);
      seed = seed * 1664525 + 1013904223;
      long b = seed;
      h = mix(h, a / b);
      h = mix(h, a % (b >> 7 | 1));
      h = mix(h, Long.divideUnsigned(a, i));
      h = mix(h, Integer.remainderUnsigned((int) a, i) & 0xffffffffL);
      h = mix(h, Math.multiplyHigh(a, b));
    }
    return h;
  }
}
