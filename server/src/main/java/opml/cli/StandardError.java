package opml.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/**
 * While the JVM starts, the launcher filters what it says on standard error. From main on this
 * process writes, and its children inherit, what the caller gave, as if there were no launcher.
 */
final class StandardError {
  private static final int ERROR = 2;

  private StandardError() {}

  /** Takes the descriptor that the launcher kept, named by the property opml.stderr, as 2. */
  static void take() {
    int kept = Integer.getInteger("opml.stderr", ERROR);
    if (kept == ERROR) {
      return;
    }
    try {
      int made = (int) function("dup2", JAVA_INT, JAVA_INT).invokeExact(kept, ERROR);
      if (made == ERROR) {
        int closed = (int) function("close", JAVA_INT).invokeExact(kept);
        assert closed == 0;
      }
    } catch (Throwable e) {
      // The filter goes on: all it does is to leave out one line.
    }
  }

  /** Whether a person may look at it. */
  static boolean isTerminal() {
    try {
      return (int) function("isatty", JAVA_INT).invokeExact(ERROR) == 1;
    } catch (Throwable e) {
      return false;
    }
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }
}
