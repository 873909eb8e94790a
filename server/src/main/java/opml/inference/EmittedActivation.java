package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Quantized;
import opml.inference.emitted.Form;
import opml.inference.emitted.Product;
import opml.inference.emitted.Table;
import opml.inference.emitted.VectorKernels;

/** The private copy of one quantized vector for emitted kernels, made anew only when it changed. */
final class EmittedActivation {
  final Product kernel;
  private final Table table;
  private final VectorKernels vectors;
  private final MemorySegment seen;
  private boolean made;
  private boolean fits;

  /** Room for a vector. */
  EmittedActivation(Arena arena, int blocks, Form form) {
    kernel = Product.of(form, blocks, 1);
    table = Table.of(arena, form, blocks, 1);
    vectors = new VectorKernels(arena);
    seen = arena.allocate(Quantized.bytes(blocks), 64);
  }

  /** Takes the vector as it is now; whether its values fit the kernel. */
  boolean take(MemorySegment state, long at, MemorySegment weights) {
    int bytes = (int) seen.byteSize();
    boolean changed = vectors.replace(seen.address(), state.address() + at, bytes);
    if (changed || !made) {
      fits = table.take(state, at, 0, weights);
      made = true;
    }
    return fits;
  }

  long table() {
    return table.address();
  }
}
