package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this machine runs emitted kernels, and how they are called. */
public final class Emission {
  private static final List<String> NEEDED =
      List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni");

  /** Critical: a call takes microseconds, so no safepoint waits long for it. */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG), Linker.Option.critical(false));

  private static final boolean AVAILABLE = check();

  private Emission() {}

  /** Whether this is Linux on x86-64 with AVX-512 VNNI that permits executable memory. */
  public static boolean available() {
    return AVAILABLE;
  }

  static void call(MemorySegment code, MemorySegment arguments) {
    try {
      CALL.invokeExact(code, arguments.address());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean check() {
    Path info = Path.of("/proc/cpuinfo");
    if (!System.getProperty("os.arch").equals("amd64") || !Files.isReadable(info)) {
      return false;
    }
    try {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("flags")) {
          return List.of(line.split("\\s+")).containsAll(NEEDED) && executes();
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hardened systems refuse executable memory. */
  private static boolean executes() {
    try {
      Assembler a = new Assembler();
      a.leave();
      CodeMemory.place(a.code());
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }
}
