package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * The argument block of {@link PackCode} and {@link PanelCode}: what a call says, constants, a
 * panel of weights and the lanes of all vectors.
 *
 * <p>A panel holds eight blocks of 32 columns of sixteen rows. Of each block: 16 pairs of 16-bit
 * weights of the rows, then what its sums are multiplied with, a number for each row.
 */
final class PanelArguments {
  /** Rows of a panel. */
  static final int ROWS = 16;

  // what a call says: addresses, then numbers
  static final int WEIGHTS = 0;
  static final int SCALES = 8;
  static final int MINIMA = 16;
  static final int OUT = 24;
  static final int STRIDE = 32;
  static final int TABLE = 40;
  static final int LANES_AT = 48;
  static final int BLOCKS = 56;
  static final int VECTORS = 64;

  // constants
  static final int NAN = 72;
  static final int MASK = 96;
  static final int CENTER = 128;

  /** Brings the low halves of four 32-bit lanes, then the high ones, together. */
  static final int SPLIT = 160;

  /** Of 32-bit lanes byte k twice, in 16 bits each; four of them. */
  static final int TWICE = 192;

  /** The same as upper bytes of 16 bits. */
  static final int TWICE_HIGH = 320;

  /** Of 32-bit lanes byte k; four of them. */
  static final int ONCE = 448;

  static final int CONSTANTS_END = 576;

  /** K formats: the panel's scales of first halves of blocks, then of second ones. */
  static final int SUB_SCALES = CONSTANTS_END;

  static final int PANEL = SUB_SCALES + 2 * 8 * 2 * 32;

  // one block in the panel
  static final int SCALE = 1024;
  static final int MINIMUM = 1088;
  static final int FACTOR = 1152;
  static final int SECOND_FACTOR = 1216;
  static final int BLOCK_BYTES = 1280;

  /** Eight lanes of sixteen rows for each vector; zero between products. */
  static final int LANES = PANEL + 8 * BLOCK_BYTES;

  static final int LANE_BYTES = 4 * ROWS;
  static final int VECTOR_LANES = 8 * LANE_BYTES;
  static final int BYTES = LANES + PanelKernel.MAX_VECTORS * VECTOR_LANES;

  private PanelArguments() {}

  /** Fills the constants of an argument block. */
  static void fill(MemorySegment arguments, Form form) {
    arguments.set(JAVA_INT, NAN, 0x7fc00000);
    int center = form == Form.Q3_K ? 4 : form.center();
    for (int i = 0; i < 8; i++) {
      arguments.set(JAVA_INT, MASK + 4 * i, 0x000f000f);
      arguments.set(JAVA_INT, CENTER + 4 * i, center << 16 | center);
    }
    for (int i = 0; i < 32; i++) {
      int lane = i & 12;
      arguments.set(JAVA_BYTE, SPLIT + i, (byte) (4 * (i >> 1 & 3) + (i >> 2 & 2) + (i & 1)));
      for (int k = 0; k < 4; k++) {
        int at = 32 * k + i;
        arguments.set(JAVA_BYTE, TWICE + at, (byte) ((i & 1) == 0 ? lane + k : -1));
        arguments.set(JAVA_BYTE, TWICE_HIGH + at, (byte) ((i & 1) == 1 ? lane + k : -1));
        arguments.set(JAVA_BYTE, ONCE + at, (byte) ((i & 3) == 0 ? lane + k : -1));
      }
    }
  }
}
