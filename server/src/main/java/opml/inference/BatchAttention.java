package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.inference.emitted.HeadKernel;
import opml.inference.emitted.VectorKernels;
import opml.machine.Regions;

/**
 * Attention of the lanes of a {@link BatchForward}: keys and values go to each lane's own cache,
 * queries meet what lies there.
 */
final class BatchAttention {
  private static final MemorySegment ALL = Everything.MEMORY;
  private static final int VALUE_LIMIT = 16383;

  private final LaneLayout at;
  private final MemorySegment scores;
  private final VectorKernels[] vectors;
  private final HeadKernel[] heads;

  /**
   * Prepares scratch memory.
   *
   * @param vectors kernels, by member of the team
   */
  BatchAttention(LaneLayout at, Arena arena, VectorKernels[] vectors) {
    this.at = at;
    this.vectors = vectors;
    scores = arena.allocate(vectors.length * scoreBytes(), 64);
    heads = new HeadKernel[vectors.length];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = new HeadKernel(arena);
    }
  }

  private long scoreBytes() {
    return 4L * (at.context + 16);
  }

  /** Records what {@link #store} will write; not done there, where threads would lose marks. */
  void mark(Lane lane, int layer) {
    PlainNativeMemory m = lane.memory();
    for (int head = 0; head < at.kvHeads; head++) {
      long cell = cell(lane, layer * at.kvHeads + head);
      m.statePages.mark(m.loadI64(Header.KEYS) + 2 * cell * at.headDim, 2L * at.headDim);
      m.statePages.mark(m.loadI64(Header.VALUES) + 2 * cell * at.headDim, 2L * at.headDim);
      m.statePages.mark(m.loadI64(Header.KEY_SCALES) + 4 * cell);
      m.statePages.mark(m.loadI64(Header.VALUE_SCALES) + 4 * cell);
    }
  }

  /** Takes the cells of a lane back: they were zero. */
  void undo(Lane lane) {
    PlainNativeMemory m = lane.memory();
    for (int i = 0; i < at.layers * at.kvHeads; i++) {
      long cell = cell(lane, i);
      long from = 2 * cell * at.headDim;
      m.state.asSlice(m.loadI64(Header.KEYS) + from, 2L * at.headDim).fill((byte) 0);
      m.state.asSlice(m.loadI64(Header.VALUES) + from, 2L * at.headDim).fill((byte) 0);
      m.state.set(ValueLayout.JAVA_INT, m.loadI64(Header.KEY_SCALES) + 4 * cell, 0);
      m.state.set(ValueLayout.JAVA_INT, m.loadI64(Header.VALUE_SCALES) + 4 * cell, 0);
    }
  }

  private long cell(Lane lane, int head) {
    return (long) head * at.context + lane.position();
  }

  /**
   * Adds biases, rotates, quantizes q; k and v go to the cache: what comes before the first head.
   *
   * @param x address of the lane's memory
   * @return false when a number was not finite
   */
  boolean store(Lane lane, long x, int member, int layer) {
    PlainNativeMemory m = lane.memory();
    VectorKernels kernels = vectors[member];
    int headDim = at.headDim;
    long q = x + at.projected;
    long k = q + 4L * at.inner;
    long v = k + 4L * at.kvHeads * headDim;
    long tensors = at.tensors(m, layer);
    addBias(m, kernels, tensors + Tensor.QUERY * Tensor.BYTES, q);
    addBias(m, kernels, tensors + Tensor.KEY * Tensor.BYTES, k);
    addBias(m, kernels, tensors + Tensor.VALUE * Tensor.BYTES, v);
    long rope = weights(m, Header.ROPE) + 4L * headDim * lane.position();
    kernels.rotate(q, at.heads + at.kvHeads, headDim, rope);
    int failed = 0;
    for (int head = 0; head < at.heads; head++) {
      long to = x + at.queries + 2L * head * headDim;
      long scale = x + at.queryScales + 4L * head;
      long from = q + 4L * head * headDim;
      failed |= kernels.quantizeQuery(from, headDim, at.headLimit, to, scale);
    }
    for (int head = 0; head < at.kvHeads; head++) {
      long cell = cell(lane, layer * at.kvHeads + head);
      long from = 4L * head * headDim;
      failed |=
          quantize(m, kernels, k + from, at.headLimit, Header.KEYS, Header.KEY_SCALES, cell)
              | quantize(
                  m, kernels, v + from, VALUE_LIMIT, Header.VALUES, Header.VALUE_SCALES, cell);
    }
    return failed == 0;
  }

  private static long weights(PlainNativeMemory m, long pointer) {
    return m.weights().address() + (m.loadI64(pointer) & (1L << Regions.SHIFT) - 1);
  }

  private static void addBias(PlainNativeMemory m, VectorKernels kernels, long tensor, long to) {
    int rows = m.loadI32(tensor + Tensor.ROWS);
    if (rows > 0 && m.loadI64(tensor + Tensor.BIAS) != 0) {
      kernels.add(to, weights(m, tensor + Tensor.BIAS), rows);
    }
  }

  private int quantize(
      PlainNativeMemory m,
      VectorKernels kernels,
      long x,
      int limit,
      long area,
      long scales,
      long cell) {
    long to = m.state.address() + m.loadI64(area) + 2 * cell * at.headDim;
    long scale = m.state.address() + m.loadI64(scales) + 4 * cell;
    return kernels.quantizeHead(x, at.headDim, limit, to, scale);
  }

  /** The mix of values of one head of a lane. */
  void attend(Lane lane, long x, int head, int layer, int member) {
    PlainNativeMemory m = lane.memory();
    long base = m.state.address();
    long cell = (long) (layer * at.kvHeads + head / (at.heads / at.kvHeads)) * at.context;
    heads[member].prepare(at.headDim, m.loadF32(Header.SCORE_SCALE));
    heads[member].run(
        x + at.queries + 2L * head * at.headDim,
        ALL.get(ValueLayout.JAVA_FLOAT, x + at.queryScales + 4L * head),
        base + m.loadI64(Header.KEYS) + 2 * cell * at.headDim,
        base + m.loadI64(Header.KEY_SCALES) + 4 * cell,
        base + m.loadI64(Header.VALUES) + 2 * cell * at.headDim,
        base + m.loadI64(Header.VALUE_SCALES) + 4 * cell,
        lane.position() + 1,
        scores.address() + member * scoreBytes(),
        x + at.mixed + 4L * head * at.headDim);
  }
}
