package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Where {@link PairRows} and {@link PairBatch} find what they are called with. */
final class PairArguments {
  // what a call says: addresses, then numbers; MANY is how often rows go together
  static final int WEIGHTS = 0;
  static final int SCALES = 8;
  static final int MINIMA = 16;
  static final int OUT = 24;
  static final int ROWS = 32;
  static final int TABLE = 40;
  static final int STRIDE = 56;
  static final int MANY = 64;
  // constants: shuffles bring eight blocks, or one or two of each of four rows, into lanes
  static final int NAN = 72;
  static final int MASK = 96;
  static final int TAIL_MASK = 128;
  static final int HALVES_ORDER = 144;
  static final int BYTES_ORDER = 160;
  static final int TWO_ORDER = 176;
  static final int ONE_ORDER = 192;
  static final int CONSTANTS_END = 224;

  /** Lanes of rows that wait for the others. */
  static final int ROW_LANES = CONSTANTS_END;

  /** Of one vector's kernel; sums and lanes of some vectors follow. */
  static final int BYTES = ROW_LANES + 128;

  private PairArguments() {}

  /** Fills the constants of an argument block. */
  static void fill(MemorySegment arguments, int tail) {
    arguments.set(JAVA_INT, NAN, 0x7fc00000);
    for (int i = 0; i < 8; i++) {
      arguments.set(JAVA_INT, MASK + 4 * i, 0x000f000f);
      int two = 4 * (i & 3) + 2 * (i >> 2);
      half(arguments, TWO_ORDER + 2 * i, two, two + 1);
      half(arguments, ONE_ORDER + 2 * i, i < 4 ? two : -1, i < 4 ? two + 1 : -1);
      half(arguments, TAIL_MASK + 2 * i, i < tail ? -1 : 0, i < tail ? -1 : 0);
      int lane = PairTable.lane(i);
      half(arguments, HALVES_ORDER + 2 * lane, 2 * i, 2 * i + 1);
      arguments.set(JAVA_BYTE, BYTES_ORDER + lane, (byte) i);
      arguments.set(JAVA_BYTE, BYTES_ORDER + 8 + lane, (byte) (8 + i));
    }
  }

  private static void half(MemorySegment arguments, int at, int low, int high) {
    arguments.set(JAVA_BYTE, at, (byte) low);
    arguments.set(JAVA_BYTE, at + 1, (byte) high);
  }
}
