package opml.inference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.inference.emitted.Form;

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

  /** Bytes of weights that making a token reads: all tensors but an embedding. */
  public static long tokenBytes(MemorySegment weights) {
    return sum(weights, ModelTables::bytes);
  }

  /** Weights that making a token multiplies. */
  public static long tokenWeights(MemorySegment weights) {
    return sum(weights, ModelTables::values);
  }

  /** Where input and output share a matrix, it is the output's. */
  private static long sum(MemorySegment weights, ToLongBiFunction<MemorySegment, Long> size) {
    long tensors = i64(weights, Header.TENSORS);
    int count = Tensor.LAYERS + i32(weights, Header.LAYERS) * Tensor.PER_LAYER;
    return IntStream.range(0, count)
        .filter(i -> i != Tensor.EMBEDDING)
        .mapToLong(i -> size.applyAsLong(weights, tensors + (long) i * Tensor.BYTES))
        .sum();
  }

  private static long values(MemorySegment weights, long tensor) {
    return (long) i32(weights, tensor + Tensor.ROWS) * i32(weights, tensor + Tensor.COLUMNS);
  }

  private static long bytes(MemorySegment weights, long tensor) {
    Form form = EmittedMatrix.form(i32(weights, tensor + Tensor.TYPE));
    int of256 = form == null ? 1024 : 8 * form.blockBytes() + 16 + form.thirdPlane();
    return (values(weights, tensor) >> 8) * of256;
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
