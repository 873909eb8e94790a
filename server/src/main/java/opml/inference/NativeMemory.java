package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.LongStream;
import opml.guest.Header;
import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.inference.emitted.ActivateKernel;
import opml.inference.emitted.VectorKernels;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import opml.machine.Regions;

/**
 * Memory with SIMD twins of the kernels. A twin runs only where all it touches is aligned, inside
 * its region and free of overlaps; everywhere else the plain form does, and faults where the VM
 * would.
 */
final class NativeMemory extends PlainNativeMemory {
  /** Values of a vector at most: keeps products of sizes within an int. */
  private static final int MOST = 1 << 28;

  private static final long OUTPUT = Regions.base(Regions.OUTPUT);

  private final Team team;
  private final MatrixTwin matrix;
  private final SuperTwin superBlocks;
  private final AttentionTwin attention;
  private final ActivateKernel silu;
  private final VectorKernels vectors;
  private long unseen;
  private long made; // tensor all of whose rows are there
  private final float[] lanes = new float[8];
  private final float[] strip = new float[512];

  NativeMemory(
      RegionSizes sizes,
      MemorySegment weights,
      byte[] input,
      Arena arena,
      Team team,
      boolean emitted,
      FiniteScales finite) {
    super(sizes, weights, input, arena, team);
    this.team = team;
    matrix = new MatrixTwin(this, arena, team.size(), emitted, finite);
    superBlocks = new SuperTwin(this, arena, team.size(), emitted);
    silu = emitted ? new ActivateKernel(arena) : null;
    vectors = emitted ? new VectorKernels(arena) : null;
    attention = new AttentionTwin(this, arena, team, emitted);
  }

  /** Addresses of the pages of STATE and OUTPUT stored to since the last call. */
  long[] touched() {
    return LongStream.concat(
            Arrays.stream(statePages.touched()).map(page -> page * Pages.PAGE),
            Arrays.stream(outputPages.touched()).map(page -> OUTPUT + page * Pages.PAGE))
        .toArray();
  }

  /** Content of the page at an address of STATE or OUTPUT. */
  byte[] page(long address) {
    return address < OUTPUT
        ? state.asSlice(address, Pages.PAGE).toArray(ValueLayout.JAVA_BYTE)
        : output.asSlice(address - OUTPUT, Pages.PAGE).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Whether all scales of a tensor are finite, where its kernels need that. */
  boolean finite(long tensor) {
    return matrix.finite(tensor);
  }

  private long aligned(long address, long bytes, int align) {
    return (address & align - 1) == 0 ? offset(Regions.STATE, address, bytes) : -1;
  }

  /**
   * Lets the first operator of a matrix make the rows of all its operators where nobody looks at
   * STATE before the last of them: one wait for the last thread instead of twenty where a matrix
   * has 90 million weights.
   *
   * @param operators that follow the next one before somebody looks
   */
  void unseen(long operators) {
    unseen = operators;
  }

  /** Somebody looks at STATE. */
  void seen() {
    unseen = 0;
    made = 0;
  }

  private static boolean eights(int n) {
    return n > 0 && n % 8 == 0;
  }

  @Override
  public void matrix(long tensor, int first, int rows, long x, long out) {
    if (first == 0) {
      int all = unseen > 0 ? loadI32(tensor + Tensor.ROWS) : 0;
      boolean whole = all > rows && (all - 1) / rows <= unseen;
      made = whole && twin(tensor, 0, all, x, out) ? tensor : 0;
    }
    if (made != tensor && !twin(tensor, first, rows, x, out)) {
      super.matrix(tensor, first, rows, x, out);
    }
  }

  private boolean twin(long tensor, int first, int rows, long x, long out) {
    if (matrix.prepare(tensor, first, rows, x, out)) {
      team.run(matrix, matrix.chunks());
    } else if (superBlocks.prepare(tensor, first, rows, x, out)) {
      team.run(superBlocks, superBlocks.chunks());
    } else {
      return false;
    }
    return true;
  }

  @Override
  public void attend(int layer, int first, int dims, int positions) {
    if (!attention.attend(layer, first, dims, positions)) {
      super.attend(layer, first, dims, positions);
    }
  }

  @Override
  public int quantize(long x, int n, int limit, long out) {
    int blocks = n >> 5;
    long from = aligned(x, 4L * n, 4);
    long to = blocks > 0 ? aligned(out, Quantized.bytes(blocks), 8) : -1;
    if (from < 0
        || to < 0
        || limit <= 0
        || limit > Short.MAX_VALUE
        || !AttentionTwin.apart(from, 128L * blocks, to, Quantized.bytes(blocks))) {
      return super.quantize(x, n, limit, out);
    }
    statePages.mark(to, Quantized.bytes(blocks));
    long scales = Quantized.scales(to, blocks);
    if (vectors != null) {
      long base = state.address();
      long sums = base + Quantized.sums(to, blocks);
      return vectors.quantize(base + from, blocks, limit, base + to, base + scales, sums);
    }
    return QuantizeTwin.blocks(state, from, blocks, limit, to, scales, Quantized.sums(to, blocks));
  }

  @Override
  public int quantizeHead(long x, int n, int limit, long out, long scale) {
    if (!head(x, n, limit, out, scale)) {
      return super.quantizeHead(x, n, limit, out, scale);
    }
    long base = state.address();
    return vectors == null
        ? QuantizeTwin.head(state, x, n, limit, out, scale, false)
        : vectors.quantizeHead(base + x, n, limit, base + out, base + scale);
  }

  @Override
  public int quantizeQuery(long x, int n, int limit, long out, long scale) {
    if (limit > VectorKernels.MAX_QUERY_LIMIT || !head(x, n, limit, out, scale)) {
      return super.quantizeQuery(x, n, limit, out, scale);
    }
    long base = state.address();
    return vectors == null
        ? QuantizeTwin.head(state, x, n, limit, out, scale, true)
        : vectors.quantizeQuery(base + x, n, limit, base + out, base + scale);
  }

  /** Whether the twin may run; marks what it will write. STATE's addresses are its offsets. */
  private boolean head(long x, int n, int limit, long out, long scale) {
    boolean good =
        eights(n)
            && limit > 0
            && limit <= Short.MAX_VALUE
            && aligned(x, 4L * n, 4) >= 0
            && aligned(out, 2L * n, 8) >= 0
            && aligned(scale, 4, 4) >= 0
            && AttentionTwin.apart(x, 4L * n, out, 2L * n)
            && AttentionTwin.apart(x, 4L * n, scale, 4)
            && AttentionTwin.apart(out, 2L * n, scale, 4);
    if (good) {
      statePages.mark(out, 2L * n);
      statePages.mark(scale, 4);
    }
    return good;
  }

  @Override
  public void normalize(long x, long weight, long out) {
    int n = loadI32(Header.DIM);
    long w = (weight & 3) == 0 ? offset(Regions.WEIGHTS, weight, 4L * n) : -1;
    boolean good =
        eights(n)
            && w >= 0
            && aligned(x, 4L * n, 4) >= 0
            && aligned(out, 4L * n, 4) >= 0
            && AttentionTwin.apart(x, 4L * n, out, 4L * n);
    if (good) {
      statePages.mark(out, 4L * n);
      float epsilon = loadF32(Header.EPSILON);
      if (vectors == null) {
        Vectors.normalize(state, x, weights(), w, out, n, epsilon, lanes);
      } else {
        long base = state.address();
        vectors.normalize(base + x, weights().address() + w, base + out, n, epsilon);
      }
    } else {
      super.normalize(x, weight, out);
    }
  }

  @Override
  public void activate(long gate, long up, int n) {
    if (pair(gate, up, n)) {
      if (silu != null && n % ActivateKernel.UNIT == 0) {
        silu.run(state.address() + gate, state.address() + up, n);
        return;
      }
      Vectors.activate(state, gate, up, n, strip);
    } else {
      super.activate(gate, up, n);
    }
  }

  @Override
  public void rotate(long x, int heads, int headDim, long table) {
    long n = (long) heads * headDim;
    long t = (table & 3) == 0 ? offset(Regions.WEIGHTS, table, 4L * headDim) : -1;
    if (heads > 0 && eights(headDim) && n <= MOST && t >= 0 && aligned(x, 4 * n, 4) >= 0) {
      statePages.mark(x, 4 * n);
      if (vectors == null) {
        Vectors.rotate(state, x, heads, headDim, weights(), t);
      } else {
        vectors.rotate(state.address() + x, heads, headDim, weights().address() + t);
      }
    } else {
      super.rotate(x, heads, headDim, table);
    }
  }

  @Override
  public void add(long x, long y, int n) {
    long bias = (y & 3) == 0 ? offset(Regions.WEIGHTS, y, 4L * n) : -1;
    if (bias >= 0 && eights(n) && aligned(x, 4L * n, 4) >= 0) {
      statePages.mark(x, 4L * n);
      sum(state.address() + x, weights().address() + bias, n);
    } else if (pair(x, y, n)) {
      sum(state.address() + x, state.address() + y, n);
    } else {
      super.add(x, y, n);
    }
  }

  private void sum(long x, long y, int n) {
    if (vectors == null) {
      Vectors.add(Everything.MEMORY, x, y, n);
    } else {
      vectors.add(x, y, n);
    }
  }

  private boolean pair(long x, long y, int n) {
    boolean good =
        eights(n)
            && aligned(x, 4L * n, 4) >= 0
            && aligned(y, 4L * n, 4) >= 0
            && AttentionTwin.apart(x, 4L * n, y, 4L * n);
    if (good) {
      statePages.mark(x, 4L * n);
    }
    return good;
  }

  @Override
  public int argmax(long x, int n) {
    if (n <= 0 || aligned(x, 4L * n, 4) < 0) {
      return super.argmax(x, n);
    }
    return vectors == null ? Vectors.argmax(state, x, n) : largest(x, n);
  }

  /** Lowest index of the largest; 0 when there is none. */
  private int largest(long x, int n) {
    int whole = n & -8;
    int best = whole == 0 ? 0 : vectors.largest(state.address() + x, whole);
    float top = state.get(ValueLayout.JAVA_FLOAT, x + 4L * best);
    top = top > Float.NEGATIVE_INFINITY ? top : Float.NEGATIVE_INFINITY;
    for (int i = whole; i < n; i++) {
      float value = state.get(ValueLayout.JAVA_FLOAT, x + 4L * i);
      if (value > top) {
        top = value;
        best = i;
      }
    }
    return best;
  }

  @Override
  public void clear(long address, int n) {
    if (n > 0 && n % 64 == 0 && aligned(address, n, 8) >= 0) {
      statePages.mark(address, n);
      if (vectors == null) {
        state.asSlice(address, n).fill((byte) 0);
      } else {
        vectors.clear(state.address() + address, n);
      }
    } else {
      super.clear(address, n);
    }
  }
}
