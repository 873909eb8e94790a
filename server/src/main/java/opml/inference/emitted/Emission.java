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
  private static final List<String> AVX2 = List.of("avx2", "f16c");
  private static final List<String> AVX512 =
      List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni");

  /** Critical: a call takes microseconds, so no safepoint waits long for it. */
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG), Linker.Option.critical(false));

  private static final List<String> FLAGS = flags();
  private static final Level LEVEL = find();

  private Emission() {}

  /** What this machine runs: {@link Level#NONE} where the system gives no executable memory. */
  public static Level level() {
    return LEVEL;
  }

  /** Whether code of a level runs here. */
  public static boolean has(Level level) {
    return LEVEL.compareTo(level) >= 0;
  }

  /** Whether code of {@link Level#AVX512} may use VBMI as well. */
  static boolean multishift() {
    return FLAGS.contains("avx512vbmi");
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

  private static Level find() {
    Level level = level(FLAGS);
    return level == Level.NONE || executes() ? level : Level.NONE;
  }

  /** What Linux says of an x86-64 processor; nothing elsewhere. */
  private static List<String> flags() {
    Path info = Path.of("/proc/cpuinfo");
    if (!System.getProperty("os.arch").equals("amd64") || !Files.isReadable(info)) {
      return List.of();
    }
    try {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("flags")) {
          return List.of(line.split("\\s+"));
        }
      }
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The level of a processor with these flags. */
  static Level level(List<String> flags) {
    if (!flags.containsAll(AVX2)) {
      return Level.NONE;
    }
    return flags.containsAll(AVX512) ? Level.AVX512 : Level.AVX2;
  }

  /** Hardened systems refuse executable memory. */
  private static boolean executes() {
    try {
      Assembler a = new Assembler(Level.AVX2);
      a.leave();
      CodeMemory.place(a.code());
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }
}
