package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import opml.guest.Header;

/** Attention of one query head over its key/value cells, whole or in parts. */
public final class HeadKernel {
  /** Cells after the last position that are read, and forgotten. */
  public static final int BEYOND = 7;

  private static final int WHOLE = 1;
  private static final int SCORES = 2;
  private static final int SOFTMAX = 3;
  private static final int MIX = 4;

  private static final Map<Integer, MemorySegment> CODES = new ConcurrentHashMap<>();
  private final MemorySegment arguments;
  private final MemorySegment parts;
  private final MemorySegment softmax = code(SOFTMAX, 0, 0);
  private final MemorySegment[] mix = new MemorySegment[Header.MAX_HEAD_DIM / 32 + 1];
  private MemorySegment whole = MemorySegment.NULL;
  private MemorySegment scores = MemorySegment.NULL;
  private int headDim;

  /** Room for the arguments of one thread. */
  public HeadKernel(Arena arena) {
    arguments = arena.allocate(HeadCode.SHORTS + 2L * Header.MAX_HEAD_DIM, 64);
    Exponential.fill(arguments, HeadCode.CONSTANTS);
    arguments.set(JAVA_FLOAT, HeadCode.LOWEST, Float.NEGATIVE_INFINITY);
    parts = arena.allocate(HeadPartsCode.SHORTS + 2L * Header.MAX_HEAD_DIM, 64);
    Exponential.fillSpread(parts, HeadPartsCode.CONSTANTS);
    parts.set(JAVA_FLOAT, HeadCode.LOWEST, Float.NEGATIVE_INFINITY);
  }

  private static MemorySegment code(int what, int headDim, int dims) {
    return CODES.computeIfAbsent(
        what << 20 | headDim << 10 | dims,
        key ->
            CodeMemory.place(
                switch (what) {
                  case WHOLE -> new HeadCode(headDim).emit();
                  case SCORES -> HeadPartsCode.scores(headDim);
                  case SOFTMAX -> HeadPartsCode.softmax();
                  default -> HeadPartsCode.mix(headDim, dims);
                }));
  }

  /** Fixes what all heads of a model share. */
  public void prepare(int headDim, float scoreScale) {
    arguments.set(JAVA_FLOAT, HeadCode.SCORE_SCALE, scoreScale);
    parts.set(JAVA_FLOAT, HeadCode.SCORE_SCALE, scoreScale);
    if (this.headDim != headDim) {
      this.headDim = headDim;
      scores = code(SCORES, headDim, 0);
      whole = Emission.has(Level.AVX512) ? code(WHOLE, headDim, 0) : MemorySegment.NULL;
      for (int n = 32; n <= headDim; n += 32) {
        mix[n / 32] = code(MIX, headDim, n);
      }
    }
  }

  /**
   * Runs one head; all addresses are of memory.
   *
   * @param query two planes of headDim bytes
   * @param keys cells of headDim int16, {@link #BEYOND} more than positions readable
   * @param weights receives the softmax weights
   * @param mixed receives headDim floats
   */
  public void run(
      long query,
      float queryScale,
      long keys,
      long keyScales,
      long values,
      long valueScales,
      int positions,
      long weights,
      long mixed) {
    if (Emission.has(Level.AVX512)) {
      arguments.set(JAVA_LONG, HeadCode.QUERY, query);
      arguments.set(JAVA_FLOAT, HeadCode.QUERY_SCALE, queryScale);
      arguments.set(JAVA_LONG, HeadCode.KEYS, keys);
      arguments.set(JAVA_LONG, HeadCode.KEY_SCALES, keyScales);
      arguments.set(JAVA_LONG, HeadCode.VALUES, values);
      arguments.set(JAVA_LONG, HeadCode.VALUE_SCALES, valueScales);
      arguments.set(JAVA_LONG, HeadCode.SCORES, weights);
      arguments.set(JAVA_LONG, HeadCode.MIXED, mixed);
      arguments.set(JAVA_LONG, HeadCode.POSITIONS, positions);
      arguments.set(JAVA_LONG, HeadCode.EIGHTS, positions >> 3);
      arguments.set(JAVA_LONG, HeadCode.TAIL_MASK, (1 << (positions & 7)) - 1);
      Emission.call(whole, arguments);
    } else {
      score(query, queryScale, keys, keyScales, positions, weights);
      softmax(weights, positions);
      mix(weights, values, valueScales, positions, headDim, mixed);
    }
  }

  /** Scores of some positions. */
  public void score(
      long query, float queryScale, long keys, long keyScales, int positions, long to) {
    parts.set(JAVA_LONG, HeadCode.QUERY, query);
    parts.set(JAVA_FLOAT, HeadCode.QUERY_SCALE, queryScale);
    parts.set(JAVA_LONG, HeadCode.KEYS, keys);
    parts.set(JAVA_LONG, HeadCode.KEY_SCALES, keyScales);
    group(to, positions);
    Emission.call(scores, parts);
  }

  /** Turns the scores of all positions into weights, in place. */
  public void softmax(long at, int positions) {
    group(at, positions);
    Emission.call(softmax, parts);
  }

  private void group(long at, int positions) {
    parts.set(JAVA_LONG, HeadCode.SCORES, at);
    parts.set(JAVA_LONG, HeadCode.EIGHTS, positions >> 3);
    parts.set(JAVA_LONG, HeadCode.TAIL_MASK, positions & 7);
    for (int i = 0; i < 8; i++) {
      parts.set(JAVA_INT, HeadPartsCode.TAIL + 4L * i, i < (positions & 7) ? -1 : 0);
    }
  }

  /**
   * Mixes {@code n} dimensions, a multiple of 32; addresses are of the first of them.
   *
   * @param values cells of headDim int16
   */
  public void mix(long weights, long values, long scales, int positions, int n, long to) {
    parts.set(JAVA_LONG, HeadCode.SCORES, weights);
    parts.set(JAVA_LONG, HeadCode.VALUES, values);
    parts.set(JAVA_LONG, HeadCode.VALUE_SCALES, scales);
    parts.set(JAVA_LONG, HeadCode.POSITIONS, positions);
    parts.set(JAVA_LONG, HeadCode.MIXED, to);
    Emission.call(mix[n / 32], parts);
  }
}
