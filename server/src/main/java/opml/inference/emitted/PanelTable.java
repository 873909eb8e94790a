package opml.inference.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.guest.Quantized;

/**
 * Activation vectors as {@link PanelCode} reads them: of each block of 32 its pairs in the order in
 * which {@link PackCode} finds the weights', then its scale and what minima are multiplied with.
 */
final class PanelTable implements Table {
  // one block of one activation
  static final int SCALE = 64;
  static final int EXTRA = 68;
  static final int SECOND_EXTRA = 72;
  static final int BLOCK_BYTES = 80;

  /** Eight blocks of one activation. */
  static final int PANEL_BYTES = 8 * BLOCK_BYTES;

  /** Eight blocks of all activations, of which there may be fewer. */
  static final int PANELS_BYTES = Product.MAX_VECTORS * PANEL_BYTES;

  private static final Map<Form, MemorySegment> CODES = new ConcurrentHashMap<>();

  private final int blocks;
  private final MemorySegment content;

  /** One for each vector: threads take vectors side by side. */
  private final MemorySegment[] arguments;

  private final MemorySegment code;

  PanelTable(Arena arena, Form form, int blocks) {
    this.blocks = blocks;
    int panels = Quantized.padded(blocks) / 8;
    content = arena.allocate((long) panels * PANELS_BYTES, 64);
    arguments = new MemorySegment[Product.MAX_VECTORS];
    for (int v = 0; v < arguments.length; v++) {
      arguments[v] = arena.allocate(PanelTableCode.ARGUMENT_BYTES, 64);
      PanelTableCode.fill(arguments[v], panels);
    }
    code = CODES.computeIfAbsent(form, f -> CodeMemory.place(new PanelTableCode(f).emit()));
  }

  @Override
  public long address() {
    return content.address();
  }

  @Override
  public boolean take(MemorySegment state, long at, int v, MemorySegment weights) {
    MemorySegment own = arguments[v];
    VectorArguments.set(own, state, at, blocks, content.address() + (long) v * PANEL_BYTES);
    Emission.call(code, own);
    return true;
  }
}
