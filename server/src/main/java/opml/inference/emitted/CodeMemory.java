package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Executable memory from the system (Linux): written first, then made read-only. Never freed. */
final class CodeMemory {
  private static final int READ_WRITE = 3;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private CodeMemory() {}

  /** Address of a copy of the code that may be called; refusal throws. */
  static MemorySegment place(byte[] code) {
    try {
      MethodHandle map =
          function(
              "mmap",
              FunctionDescriptor.of(
                  ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
      MethodHandle protect =
          function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
      long bytes = code.length;
      MemorySegment at =
          (MemorySegment)
              map.invokeExact(MemorySegment.NULL, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (at.address() == -1) {
        throw new UnsupportedOperationException("the system gives no memory for code");
      }
      MemorySegment.copy(code, 0, at.reinterpret(bytes), JAVA_BYTE, 0, code.length);
      if ((int) protect.invokeExact(at, bytes, READ_EXECUTE) != 0) {
        throw new UnsupportedOperationException("the system refuses to make memory executable");
      }
      return at;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
