package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Zeroed memory whose pages come into being when they are first touched: a request's key/value
 * cache spans the whole context but costs what it uses. Arenas would write the zeros.
 */
final class ZeroMemory {
  private static final int ALIGN = 64;
  private static final MethodHandle CALLOC =
      handle(
          "calloc",
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      handle("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private ZeroMemory() {}

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }

  /** Bytes aligned to 64, freed with the arena. */
  static MemorySegment allocate(long bytes, Arena arena) {
    try {
      MemorySegment block = (MemorySegment) CALLOC.invokeExact(bytes + ALIGN, 1L);
      if (block.address() == 0) {
        throw new OutOfMemoryError(bytes + " bytes for a request: close others or add memory");
      }
      MemorySegment all = block.reinterpret(bytes + ALIGN, arena, ZeroMemory::free);
      return all.asSlice(-block.address() & ALIGN - 1, bytes);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calloc", e);
    }
  }

  private static void free(MemorySegment block) {
    try {
      FREE.invokeExact(MemorySegment.ofAddress(block.address()));
    } catch (Throwable e) {
      throw new IllegalStateException("free", e);
    }
  }
}
