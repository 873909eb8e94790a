package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Floats;
import opml.guest.Header;
import opml.inference.emitted.HeadKernel;
import opml.machine.Regions;

/** The SIMD twin of attention: whole heads, one head a chunk. */
final class AttentionTwin implements Team.Job {
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_128;

  private final PlainNativeMemory memory;
  private final int[][] query;
  private final float[][] lanes;
  private int headDim;
  private int group;
  private int firstHead;
  private int heads;
  private int positions;
  private int context;
  private long cells;
  private long queries;
  private long queryScales;
  private long keys;
  private long keyScales;
  private long values;
  private long valueScales;
  private long scores;
  private long mixed;
  private float scoreScale;

  private final HeadKernel[] kernels;
  private boolean emit;

  /**
   * Makes what {@code members} threads need.
   *
   * @param emitted whether to run machine code emitted for this processor
   */
  AttentionTwin(PlainNativeMemory memory, Arena arena, int members, boolean emitted) {
    this.memory = memory;
    kernels = new HeadKernel[emitted ? members : 0];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = new HeadKernel(arena, Header.MAX_HEAD_DIM);
    }
    query = new int[members][Header.MAX_HEAD_DIM];
    lanes = new float[members][8];
  }

  /** Prepares the heads; false when the plain form has to run. */
  boolean prepare(int layer, int first, int dims, int positions) {
    headDim = memory.loadI32(Header.HEAD_DIM);
    int allHeads = memory.loadI32(Header.HEADS);
    int kvHeads = memory.loadI32(Header.KV_HEADS);
    context = memory.loadI32(Header.CONTEXT);
    boolean sane =
        headDim > 0
            && headDim <= Header.MAX_HEAD_DIM
            && headDim % 32 == 0
            && kvHeads > 0
            && allHeads >= kvHeads
            && first >= 0
            && dims > 0
            && first % headDim == 0
            && dims % headDim == 0
            && positions > 0
            && positions <= context
            && layer >= 0;
    if (!sane) {
      return false;
    }
    this.positions = positions;
    group = allHeads / kvHeads;
    firstHead = first / headDim;
    heads = dims / headDim;
    int last = firstHead + heads - 1;
    cells = (long) layer * kvHeads;
    long cellEnd = (cells + last / group + 1) * context;
    queries = state(Header.QUERIES, 2L * headDim * (last + 1), 32);
    queryScales = state(Header.QUERY_SCALES, 4L * (last + 1), 4);
    keys = state(Header.KEYS, 2 * cellEnd * headDim, 32);
    keyScales = state(Header.KEY_SCALES, 4 * cellEnd, 4);
    values = state(Header.VALUES, 2 * cellEnd * headDim, 2);
    valueScales = state(Header.VALUE_SCALES, 4 * cellEnd, 4);
    scores = state(Header.SCORES, 4L * heads * positions, 4);
    mixed = state(Header.MIXED, 4L * headDim * (last + 1), 4);
    scoreScale = memory.loadF32(Header.SCORE_SCALE);
    long read = state(Header.KEYS, 2 * (cellEnd + HeadKernel.BEYOND) * headDim, 32);
    emit = kernels.length > 0 && read >= 0;
    if (emit) {
      for (HeadKernel k : kernels) {
        k.prepare(headDim, positions, scoreScale);
      }
    }
    return (queries | queryScales | keys | keyScales | values | valueScales | scores | mixed) >= 0
        && apart(cellEnd, last);
  }

  private long state(long field, long bytes, int align) {
    long address = memory.loadI64(field);
    return (address & align - 1) == 0 ? memory.offset(Regions.STATE, address, bytes) : -1;
  }

  /** Whether what is written (scores, mixed) overlaps neither each other nor anything read. */
  private boolean apart(long cellEnd, int last) {
    long s = 4L * heads * positions;
    long o = 4L * headDim * (last + 1);
    boolean good = apart(scores, s, mixed, o);
    for (int i = 0; i < 2; i++) {
      long at = i == 0 ? scores : mixed;
      long n = i == 0 ? s : o;
      good =
          good
              && apart(at, n, queries, 2L * headDim * (last + 1))
              && apart(at, n, queryScales, 4L * (last + 1))
              && apart(at, n, keys, 2 * cellEnd * headDim)
              && apart(at, n, keyScales, 4 * cellEnd)
              && apart(at, n, values, 2 * cellEnd * headDim)
              && apart(at, n, valueScales, 4 * cellEnd);
    }
    return good;
  }

  static boolean apart(long a, long n, long b, long m) {
    return a + n <= b || b + m <= a;
  }

  /** Heads of the prepared range. */
  int chunks() {
    return heads;
  }

  /** Marks what the chunks will have written. */
  void mark() {
    memory.statePages.mark(scores, 4L * heads * positions);
    memory.statePages.mark(mixed + 4L * firstHead * headDim, 4L * heads * headDim);
  }

  @Override
  public void run(int chunk, int member) {
    MemorySegment s = memory.state;
    int head = firstHead + chunk;
    long cell = (cells + head / group) * context;
    long to = scores + 4L * chunk * positions;
    float dq = s.get(JAVA_FLOAT, queryScales + 4L * head);
    if (emit) {
      long base = s.address();
      kernels[member].run(
          base + queries + 2L * head * headDim,
          dq,
          base + keys + 2 * cell * headDim,
          base + keyScales + 4 * cell,
          base + values + 2 * cell * headDim,
          base + valueScales + 4 * cell,
          base + to,
          base + mixed + 4L * head * headDim);
      return;
    }
    int[] q = query[member];
    long high = queries + 2L * head * headDim;
    for (int d = 0; d < headDim; d++) {
      q[d] = (s.get(JAVA_BYTE, high + d) << 7) + s.get(JAVA_BYTE, high + headDim + d);
    }
    for (int p = 0; p < positions; p++) {
      int dot = dot(s, keys + 2 * (cell + p) * headDim, q, headDim);
      float dk = s.get(JAVA_FLOAT, keyScales + 4 * (cell + p));
      s.set(JAVA_INT, to + 4L * p, Floats.bits((float) dot * (dq * dk) * scoreScale));
    }
    Vectors.exps(s, to, positions, Vectors.max(s, to, positions));
    Vectors.scale(s, to, positions, 1f / Vectors.sum(s, to, positions, lanes[member]));
    for (int d = 0; d < headDim; d += 32) {
      mix(
          s,
          to,
          values + 2 * (cell * headDim + d),
          valueScales + 4 * cell,
          2L * headDim,
          positions,
          mixed + 4L * (head * headDim + d));
    }
  }

  private static int dot(MemorySegment s, long k, int[] q, int n) {
    IntVector a = IntVector.zero(I);
    IntVector b = IntVector.zero(I);
    for (int d = 0; d < n; d += 16) {
      a = a.add(ints(s, k + 2L * d).mul(IntVector.fromArray(I, q, d)));
      b = b.add(ints(s, k + 2L * d + 16).mul(IntVector.fromArray(I, q, d + 8)));
    }
    return a.add(b).reduceLanes(ADD);
  }

  private static IntVector ints(MemorySegment s, long at) {
    return (IntVector)
        ShortVector.fromMemorySegment(H, s, at, LITTLE_ENDIAN).convertShape(S2I, I, 0);
  }

  /** 32 dimensions: o += (p * dv) * (float) v, positions ascending. */
  private static void mix(
      MemorySegment s, long weight, long v, long scale, long stride, int positions, long out) {
    FloatVector o0 = FloatVector.zero(F);
    FloatVector o1 = o0;
    FloatVector o2 = o0;
    FloatVector o3 = o0;
    for (int p = 0; p < positions; p++) {
      float f = s.get(JAVA_FLOAT, weight + 4L * p) * s.get(JAVA_FLOAT, scale + 4L * p);
      long a = v + stride * p;
      o0 = o0.add(floats(s, a).mul(f));
      o1 = o1.add(floats(s, a + 16).mul(f));
      o2 = o2.add(floats(s, a + 32).mul(f));
      o3 = o3.add(floats(s, a + 48).mul(f));
    }
    Vectors.store(o0, s, out);
    Vectors.store(o1, s, out + 32);
    Vectors.store(o2, s, out + 64);
    Vectors.store(o3, s, out + 96);
  }

  private static FloatVector floats(MemorySegment s, long at) {
    return (FloatVector) ints(s, at).convertShape(I2F, F, 0);
  }
}
