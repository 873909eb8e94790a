package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import opml.guest.Header;

/** Reads a model's header in the content of WEIGHTS. */
public final class ModelTables {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private ModelTables() {}

  /** A copy of the tokenizer's section. */
  public static byte[] tokenizer(MemorySegment weights) {
    long at = i64(weights, Header.TOKENIZER) - Header.BASE;
    return weights.asSlice(at, i64(weights, Header.TOKENIZER_BYTES)).toArray(ValueLayout.JAVA_BYTE);
  }

  static int i32(MemorySegment weights, long address) {
    return weights.get(INT, address - Header.BASE);
  }

  static long i64(MemorySegment weights, long address) {
    return weights.get(LONG, address - Header.BASE);
  }

  static float f32(MemorySegment weights, long address) {
    return Float.intBitsToFloat(i32(weights, address));
  }
}
