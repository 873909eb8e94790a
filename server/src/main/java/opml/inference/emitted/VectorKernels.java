package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Floats;

/**
 * The element-wise kernels as machine code (AVX2): what the compiler makes of the Vector API
 * allocates or not, as it likes. Addresses are of memory, nothing is checked here.
 */
public final class VectorKernels {
  /** Largest limit for {@link #quantizeQuery}: its high parts fit bytes. */
  public static final int MAX_QUERY_LIMIT = 16383;

  private static final int TINY_BITS = 0x0d800000;
  private static final MemorySegment ADD = CodeMemory.place(VectorCode.add());
  private static final MemorySegment NORMALIZE = CodeMemory.place(VectorCode.normalize());
  private static final MemorySegment ROTATE = CodeMemory.place(VectorCode.rotate());
  private static final MemorySegment LARGEST = CodeMemory.place(VectorCode.largest());
  private static final MemorySegment CLEAR = CodeMemory.place(VectorCode.clear());
  private static final MemorySegment REPLACE = CodeMemory.place(VectorCode.replace());
  private static final MemorySegment BLOCKS = CodeMemory.place(QuantizeCode.blocks());
  private static final MemorySegment HEAD = CodeMemory.place(QuantizeCode.head());
  private static final MemorySegment QUERY = CodeMemory.place(QuantizeCode.query());

  private final MemorySegment arguments;

  /** Room for the arguments of one thread. */
  public VectorKernels(Arena arena) {
    arguments = arena.allocate(320, 64);
    arguments.set(JAVA_INT, VectorCode.NAN, 0x7fc00000);
    arguments.set(JAVA_FLOAT, VectorCode.ONE, 1f);
    arguments.set(JAVA_FLOAT, VectorCode.LOWEST, Float.NEGATIVE_INFINITY);
    arguments.set(JAVA_INT, VectorCode.EIGHT, 8);
    arguments.set(JAVA_INT, QuantizeCode.ZERO_UP_TO, TINY_BITS - 1);
    arguments.set(JAVA_INT, QuantizeCode.FINITE_UP_TO, Floats.INFINITE_BITS - 1);
    arguments.set(JAVA_INT, QuantizeCode.MAGNITUDE, 0x7fffffff);
    arguments.set(JAVA_FLOAT, QuantizeCode.MAGIC, Floats.MAGIC);
    arguments.set(JAVA_INT, QuantizeCode.LOW_BITS, 127);
    int[] planes = {0, 4, 1, 5, 0, 0, 0, 0};
    for (int i = 0; i < 8; i++) {
      arguments.set(JAVA_INT, VectorCode.COUNTING + 4L * i, i);
      arguments.set(JAVA_INT, VectorCode.EVEN_SIGNS + 4L * i, i % 2 == 0 ? 1 << 31 : 0);
      arguments.set(JAVA_INT, QuantizeCode.PLANES + 4L * i, planes[i]);
    }
  }

  private void set(long a, long b, long c, long d, long n) {
    arguments.set(JAVA_LONG, VectorCode.A, a);
    arguments.set(JAVA_LONG, VectorCode.B, b);
    arguments.set(JAVA_LONG, VectorCode.C, c);
    arguments.set(JAVA_LONG, VectorCode.D, d);
    arguments.set(JAVA_LONG, VectorCode.N, n);
  }

  /** x += y: n floats, a multiple of 8. */
  public void add(long x, long y, int n) {
    set(x, y, 0, 0, n / 8);
    Emission.call(ADD, arguments);
  }

  /** out = x * (1 / sqrt(sum of squares / n + epsilon)) * weight; n a multiple of 8. */
  public void normalize(long x, long weight, long out, int n, float epsilon) {
    set(x, weight, out, 0, n / 8);
    arguments.set(JAVA_FLOAT, VectorCode.FLOATS, n);
    arguments.set(JAVA_FLOAT, VectorCode.FLOATS + 4, epsilon);
    Emission.call(NORMALIZE, arguments);
  }

  /** Rotates the pairs of heads by a table of cosines and sines; headDim a multiple of 8. */
  public void rotate(long x, int heads, int headDim, long table) {
    set(x, table, 0, 0, headDim / 8);
    arguments.set(JAVA_LONG, VectorCode.M, heads);
    Emission.call(ROTATE, arguments);
  }

  /** Lowest index of the largest of n floats, a multiple of 8; 0 when all are NaN or lowest. */
  public int largest(long x, int n) {
    set(x, 0, 0, 0, n / 8);
    Emission.call(LARGEST, arguments);
    int best = 0;
    float top = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < 8; i++) {
      float value = arguments.get(JAVA_FLOAT, VectorCode.RESULT + 4L * i);
      int index = arguments.get(JAVA_INT, VectorCode.INDICES + 4L * i);
      if (value > top || value == top && index < best) {
        top = value;
        best = index;
      }
    }
    return best;
  }

  /** Stores zeros: n bytes, a multiple of 64. */
  public void clear(long at, int n) {
    set(at, 0, 0, 0, n / 64);
    Emission.call(CLEAR, arguments);
  }

  /** Copies n bytes, a multiple of 64; whether some were different. */
  public boolean replace(long old, long with, int n) {
    set(old, with, 0, 0, n / 64);
    Emission.call(REPLACE, arguments);
    long different = 0;
    for (int i = 0; i < 32; i += 8) {
      different |= arguments.get(JAVA_LONG, VectorCode.RESULT + i);
    }
    return different != 0;
  }

  /** Blocks of 32 floats to int16 with scales and sums; 1 when some block was not finite. */
  public int quantize(long x, int blocks, int limit, long out, long scales, long sums) {
    set(x, out, scales, sums, blocks);
    return quantized(BLOCKS, limit);
  }

  /** n floats, a multiple of 8, to int16 with one scale; 1 when not finite. */
  public int quantizeHead(long x, int n, int limit, long out, long scale) {
    set(x, out, scale, 0, n / 8);
    return quantized(HEAD, limit);
  }

  /** The same to two planes of n bytes; the limit at most {@link #MAX_QUERY_LIMIT}. */
  public int quantizeQuery(long x, int n, int limit, long out, long scale) {
    set(x, out, scale, out + n, n / 8);
    return quantized(QUERY, limit);
  }

  private int quantized(MemorySegment code, int limit) {
    arguments.set(JAVA_FLOAT, VectorCode.FLOATS, limit);
    Emission.call(code, arguments);
    int bad = 0;
    for (int i = 0; i < 8; i++) {
      bad |= arguments.get(JAVA_INT, VectorCode.RESULT + 4L * i);
    }
    return bad & 1;
  }
}
