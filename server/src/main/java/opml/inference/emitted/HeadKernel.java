package opml.inference.emitted;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Attention of one query head over its key/value cells. */
public final class HeadKernel {
  /** Cells after the last position that are read, and forgotten. */
  public static final int BEYOND = 7;

  private static final Map<Integer, MemorySegment> CODES = new ConcurrentHashMap<>();
  private final MemorySegment arguments;
  private MemorySegment code = MemorySegment.NULL;

  /**
   * Room for the arguments of one thread.
   *
   * @param maxHeadDim largest dimension that will come, at most 256
   */
  public HeadKernel(Arena arena, int maxHeadDim) {
    arguments = arena.allocate(HeadCode.SHORTS + 2L * maxHeadDim, 64);
    Exponential.fill(arguments, HeadCode.CONSTANTS);
    arguments.set(JAVA_FLOAT, HeadCode.LOWEST, Float.NEGATIVE_INFINITY);
  }

  /** Fixes what all heads of an operator share. */
  public void prepare(int headDim, int positions, float scoreScale) {
    code = CODES.computeIfAbsent(headDim, h -> CodeMemory.place(new HeadCode(h).emit()));
    arguments.set(JAVA_LONG, HeadCode.POSITIONS, positions);
    arguments.set(JAVA_LONG, HeadCode.EIGHTS, positions >> 3);
    arguments.set(JAVA_LONG, HeadCode.TAIL_MASK, (1 << (positions & 7)) - 1);
    arguments.set(JAVA_FLOAT, HeadCode.SCORE_SCALE, scoreScale);
  }

  /**
   * Runs one head; all addresses are of memory.
   *
   * @param query two planes of headDim bytes
   * @param keys cells of headDim int16, {@link #BEYOND} more than positions readable
   * @param scores receives the softmax weights
   * @param mixed receives headDim floats
   */
  public void run(
      long query,
      float queryScale,
      long keys,
      long keyScales,
      long values,
      long valueScales,
      long scores,
      long mixed) {
    arguments.set(JAVA_LONG, HeadCode.QUERY, query);
    arguments.set(JAVA_FLOAT, HeadCode.QUERY_SCALE, queryScale);
    arguments.set(JAVA_LONG, HeadCode.KEYS, keys);
    arguments.set(JAVA_LONG, HeadCode.KEY_SCALES, keyScales);
    arguments.set(JAVA_LONG, HeadCode.VALUES, values);
    arguments.set(JAVA_LONG, HeadCode.VALUE_SCALES, valueScales);
    arguments.set(JAVA_LONG, HeadCode.SCORES, scores);
    arguments.set(JAVA_LONG, HeadCode.MIXED, mixed);
    Emission.call(code, arguments);
  }
}
