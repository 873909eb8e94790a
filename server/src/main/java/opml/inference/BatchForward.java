package opml.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import opml.guest.Header;
import opml.guest.Quantized;
import opml.guest.Tensor;
import opml.inference.emitted.ActivateKernel;
import opml.inference.emitted.HeadKernel;
import opml.inference.emitted.PanelKernel;
import opml.inference.emitted.Product;
import opml.inference.emitted.VectorKernels;
import opml.machine.Regions;

/**
 * The layers of the forward pass for some tokens at once: every row of weights is read once for all
 * of them. Each token sees the same numbers in the same order as in the guest's operators, so the
 * cache gets the same bytes; lanes of one cache must be at ascending positions without gaps.
 */
final class BatchForward {
  /** Tokens at once at most. */
  static final int MAX = Product.MAX_VECTORS;

  private final Team team;
  private final LaneLayout at;
  private PlainNativeMemory header;
  private final Arena arena;
  private MemorySegment predictions;
  private final MemorySegment lanes;
  private final BatchMatrix matrix;
  private final BatchAttention attention;
  private final ActivateKernel[] silu;
  private final VectorKernels[] vectors;
  private List<Lane> batch = List.of();
  private volatile boolean bad;

  /** Prepares for a model whose tensors are all {@link #possible}. */
  BatchForward(PlainNativeMemory header, Arena arena, Team team) {
    this.header = header;
    this.arena = arena;
    this.team = team;
    at = new LaneLayout(header);
    lanes = arena.allocate((long) MAX * at.bytes, 64);
    matrix = new BatchMatrix(arena, team.size());
    silu = new ActivateKernel[team.size()];
    vectors = new VectorKernels[team.size()];
    for (int i = 0; i < team.size(); i++) {
      silu[i] = new ActivateKernel(arena);
      vectors[i] = new VectorKernels(arena);
    }
    attention = new BatchAttention(at, arena, vectors);
  }

  /** Whether all matrices have emitted kernels and all sizes suit them. */
  static boolean possible(NativeMemory m) {
    long tensors = m.loadI64(Header.TENSORS);
    int count = Tensor.LAYERS + m.loadI32(Header.LAYERS) * Tensor.PER_LAYER;
    for (int i = 0; i < count; i++) {
      long tensor = tensors + (long) i * Tensor.BYTES;
      boolean norm = m.loadI32(tensor + Tensor.TYPE) == Tensor.F32;
      int rows = m.loadI32(tensor + Tensor.ROWS);
      if (rows > 0
          && !norm
          && (rows < PanelKernel.ROWS || !EmittedMatrix.suits(m, tensor) || !m.finite(tensor))) {
        return false;
      }
    }
    return m.loadI32(Header.LIMIT) < 1 << 14
        && m.loadI32(Header.HEAD_LIMIT) <= VectorKernels.MAX_QUERY_LIMIT
        && m.loadI32(Header.CONTEXT) > HeadKernel.BEYOND
        && m.loadI32(Header.FFN) % ActivateKernel.UNIT == 0;
  }

  /** Runs all layers; false when some number was not finite: the cache cells are then of no use. */
  boolean run(List<Lane> tokens) {
    batch = tokens;
    header = tokens.getFirst().memory();
    bad = false;
    for (int l = 0; l < tokens.size(); l++) {
      Lane lane = tokens.get(l);
      lane.watch().token(lane.memory(), lane.position(), 0);
      embed(l);
    }
    prepare(tensors(0), Tensor.QUERY, at.projected);
    each((l, member) -> enter(l, member, tensors(0)));
    for (int layer = 0; layer < at.layers && !bad; layer++) {
      watch(layer);
      layer(layer);
    }
    return !bad;
  }

  /** Takes the cells of a batch's lanes back, from one on: they were zero. */
  void undo(int first) {
    batch.subList(first, batch.size()).forEach(attention::undo);
  }

  private long tensors(int layer) {
    return at.tensors(header, layer);
  }

  private void watch(int layer) {
    for (int l = 0; l < batch.size(); l++) {
      Lane lane = batch.get(l);
      long hidden = (long) l * at.bytes + at.hidden;
      lane.watch().layer(lane.position(), layer, lanes, hidden, lane.memory());
    }
  }

  /**
   * After {@link #run}: logits into STATE of each of the first lanes.
   *
   * @param count how many lanes; their caches are distinct
   * @return false when a number was not finite
   */
  boolean logits(int count) {
    if (count == 0) {
      return true;
    }
    boolean good = predict(count);
    for (int l = 0; good && l < count; l++) {
      show(l, batch.get(l).memory());
    }
    return good;
  }

  /** After {@link #run}: makes the logits of the first lanes, for {@link #show}. */
  boolean predict(int count) {
    List<Lane> all = batch;
    batch = all.subList(0, count);
    boolean good = predict();
    batch = all;
    return good;
  }

  /** Logits that were made into STATE. */
  void show(int lane, PlainNativeMemory m) {
    long to = m.loadI64(Header.LOGITS);
    m.statePages.mark(to, 4L * at.vocab);
    MemorySegment.copy(predictions, lane * stride(), m.state, to, 4L * at.vocab);
  }

  private boolean predict() {
    long tensors = header.loadI64(Header.TENSORS);
    if (predictions == null) {
      predictions = arena.allocate((long) MAX * stride(), 64);
    }
    long output = tensors + Tensor.OUTPUT * Tensor.BYTES;
    matrix.prepare(header, output, batch.size(), predictions.address(), stride());
    each((l, member) -> norm(l, member, tensors + Tensor.OUTPUT_NORM * Tensor.BYTES));
    if (bad) {
      return false;
    }
    team.run(matrix, matrix.chunks());
    return true;
  }

  private long stride() {
    return 4L * at.vocab + 63 & -64L;
  }

  private void take(int lane, int from) {
    if (!matrix.take(lane, lane(lane) + from)) {
      throw new IllegalStateException("an activation does not fit 15 bits");
    }
  }

  private interface LaneJob {
    void run(int lane, int member);
  }

  private void each(LaneJob job) {
    team.run(job::run, batch.size());
  }

  private long lane(int lane) {
    return lanes.address() + (long) lane * at.bytes;
  }

  /** By way of STATE, which is zero there afterwards as at every token boundary (INV-08). */
  private void embed(int lane) {
    PlainNativeMemory m = batch.get(lane).memory();
    long hidden = m.loadI64(Header.HIDDEN);
    long table = m.loadI64(Header.TENSORS) + Tensor.EMBEDDING * Tensor.BYTES;
    m.embed(table, batch.get(lane).token(), hidden);
    MemorySegment.copy(m.state, hidden, lanes, (long) lane * at.bytes + at.hidden, 4L * at.dim);
    m.clear(hidden, 4 * at.dim);
  }

  /**
   * A layer whose first matrix is prepared, with its vectors: so is the next layer's in the end.
   */
  private void layer(int layer) {
    long tensors = tensors(layer);
    product();
    also(tensors, Tensor.KEY, at.projected + 4 * at.inner);
    also(tensors, Tensor.VALUE, at.projected + 4 * (at.inner + at.kvHeads * at.headDim));
    for (Lane l : batch) {
      attention.mark(l, layer);
    }
    each((l, member) -> store(l, member, layer));
    team.run(
        (i, member) -> {
          int l = i / at.heads;
          attention.attend(batch.get(l), lane(l), i % at.heads, layer, member);
        },
        batch.size() * at.heads);
    prepare(tensors, Tensor.ATTENTION_OUTPUT, at.delta);
    each((l, member) -> quantize(l, member, at.mixed, at.inner, at.mixedInput));
    product();
    prepare(tensors, Tensor.GATE, at.gated);
    each(
        (l, member) -> {
          vectors[member].add(lane(l) + at.hidden, lane(l) + at.delta, at.dim);
          norm(l, member, tensors + Tensor.FFN_NORM * Tensor.BYTES);
        });
    product();
    also(tensors, Tensor.UP, at.gated + 4 * at.ffn);
    prepare(tensors, Tensor.DOWN, at.delta);
    each(
        (l, member) -> {
          long gate = lane(l) + at.gated;
          silu[member].run(gate, gate + 4L * at.ffn, at.ffn);
          quantize(l, member, at.gated, at.ffn, at.gatedInput);
        });
    product();
    boolean last = layer + 1 == at.layers;
    if (!last) {
      prepare(tensors(layer + 1), Tensor.QUERY, at.projected);
    }
    each(
        (l, member) -> {
          vectors[member].add(lane(l) + at.hidden, lane(l) + at.delta, at.dim);
          if (!last) {
            enter(l, member, tensors(layer + 1));
          }
        });
  }

  private void store(int lane, int member, int layer) {
    if (!attention.store(batch.get(lane), lane(lane), member, layer)) {
      bad = true;
    }
  }

  private void enter(int lane, int member, long tensors) {
    norm(lane, member, tensors + Tensor.ATTENTION_NORM * Tensor.BYTES);
  }

  private void norm(int lane, int member, long tensor) {
    long weight = header.loadI64(tensor + Tensor.PLANES) & (1L << Regions.SHIFT) - 1;
    long w = header.weights().address() + weight;
    float epsilon = header.loadF32(Header.EPSILON);
    long hidden = lane(lane) + at.hidden;
    long normed = lane(lane) + at.normed;
    vectors[member].normalize(hidden, w, normed, at.dim, epsilon);
    quantize(lane, member, at.normed, at.dim, at.input);
  }

  /** Quantizes a vector and gives it to the prepared matrix: one wait for the threads less. */
  private void quantize(int lane, int member, int from, int n, int to) {
    int blocks = n >> 5;
    long x = lane(lane) + to;
    long scale = Quantized.scales(x, blocks);
    long sum = Quantized.sums(x, blocks);
    if (vectors[member].quantize(lane(lane) + from, blocks, at.limit, x, scale, sum) != 0) {
      bad = true;
    } else {
      take(lane, to);
    }
  }

  /** Fixes the matrix whose vectors come next; whether it reads them as the one before did. */
  private boolean prepare(long tensors, int index, int to) {
    long tensor = tensors + (long) index * Tensor.BYTES;
    return matrix.prepare(header, tensor, batch.size(), lanes.address() + to, at.bytes);
  }

  private void product() {
    team.run(matrix, matrix.chunks());
  }

  /** Another matrix meets the vectors of the last one; nothing where it is joined to that. */
  private void also(long tensors, int index, int to) {
    if (header.loadI32(tensors + (long) index * Tensor.BYTES + Tensor.ROWS) > 0) {
      if (!prepare(tensors, index, to)) {
        each((l, member) -> take(l, at.input));
      }
      product();
    }
  }
}
