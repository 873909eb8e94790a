package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import opml.guest.Quantized;

/** Where {@link PairTableCode} and {@link PanelTableCode} find the vector that they take. */
final class VectorArguments {
  static final int VALUES = 0;
  static final int SCALES = 8;
  static final int SUMS = 16;
  static final int TABLE = 24;

  private VectorArguments() {}

  /**
   * Names a vector and its place in a table.
   *
   * @param at of a vector of {@code blocks} blocks in the segment
   */
  static void set(MemorySegment arguments, MemorySegment state, long at, int blocks, long table) {
    long from = state.address();
    arguments.set(JAVA_LONG, VALUES, from + at);
    arguments.set(JAVA_LONG, SCALES, from + Quantized.scales(at, blocks));
    arguments.set(JAVA_LONG, SUMS, from + Quantized.sums(at, blocks));
    arguments.set(JAVA_LONG, TABLE, table);
  }
}
