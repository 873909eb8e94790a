package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.Header;
import opml.inference.emitted.HeadKernel;
import opml.machine.Regions;

/**
 * The SIMD twin of attention: whole heads, one head a chunk, or a part of one head (long contexts).
 * Heads of many positions that are fewer than the threads are shared out: scores by positions, the
 * mix by dimensions.
 */
final class AttentionTwin implements Team.Job {
  /** From so many positions on a head is worth sharing; a multiple of 8. */
  private static final int SHARED = 512;

  /** Positions of a chunk of scores, a multiple of 8. */
  private static final int SPAN = 256;

  /** Dimensions of a chunk of the mix. */
  private static final int WIDTH = 32;

  private enum Part {
    HEADS,
    SCORES,
    MIX
  }

  private final PlainNativeMemory memory;
  private final Team team;
  private final HeadTwin[] twins;
  private int headDim;
  private int group;
  private int firstHead;
  private int heads;
  private int within;
  private int dims;
  private Part part = Part.HEADS;
  private int shared;
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
   * Makes what the members of a team need.
   *
   * @param emitted whether to run machine code emitted for this processor
   */
  AttentionTwin(PlainNativeMemory memory, Arena arena, Team team, boolean emitted) {
    this.memory = memory;
    this.team = team;
    kernels = new HeadKernel[emitted ? team.size() : 0];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = new HeadKernel(arena);
    }
    twins = new HeadTwin[team.size()];
    for (int i = 0; i < twins.length; i++) {
      twins[i] = new HeadTwin();
    }
  }

  /** Runs the heads; false when the plain form has to, which then faults as the VM does. */
  boolean attend(int layer, int first, int dims, int positions) {
    if (!prepare(layer, first, dims, positions)) {
      return false;
    }
    if (!emit || heads >= team.size() || positions < SHARED) {
      part = Part.HEADS;
      team.run(this, heads);
    } else {
      for (int h = 0; h < heads; h++) {
        share(h);
      }
    }
    mark();
    return true;
  }

  /** One head by all members. */
  private void share(int chunk) {
    shared = chunk;
    if (within == 0) {
      part = Part.SCORES;
      team.run(this, (positions + SPAN - 1) / SPAN);
      kernels[0].softmax(memory.state.address() + scores + 4L * chunk * positions, positions);
    }
    part = Part.MIX;
    team.run(this, dims / WIDTH);
  }

  /** Prepares the heads; false when the plain form has to run. */
  private boolean prepare(int layer, int first, int count, int positions) {
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
            && count > 0
            && first % 32 == 0
            && count % 32 == 0
            && positions > 0
            && positions <= context
            && layer >= 0;
    if (!sane) {
      return false;
    }
    this.positions = positions;
    group = allHeads / kvHeads;
    firstHead = first / headDim;
    within = first % headDim;
    boolean partial = within > 0 || count < headDim;
    heads = partial ? 1 : count / headDim;
    dims = partial ? count : headDim;
    if (partial ? within + count > headDim : count % headDim > 0) {
      return false;
    }
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
        k.prepare(headDim, scoreScale);
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

  /** Marks what was written. */
  private void mark() {
    if (within == 0) {
      memory.statePages.mark(scores, 4L * heads * positions);
    }
    memory.statePages.mark(mixed + 4L * (firstHead * headDim + within), 4L * heads * dims);
  }

  @Override
  public void run(int chunk, int member) {
    int index = part == Part.HEADS ? chunk : shared;
    int head = firstHead + index;
    long cell = (cells + head / group) * context;
    long to = scores + 4L * index * positions;
    if (!emit) {
      compiled(head, cell, to, member);
    } else if (part == Part.SCORES) {
      int from = chunk * SPAN;
      score(kernels[member], head, cell, to, from, Math.min(SPAN, positions - from));
    } else if (part == Part.MIX) {
      mix(kernels[member], head, cell, to, within + chunk * WIDTH, WIDTH);
    } else if (within == 0 && dims == headDim) {
      whole(kernels[member], head, cell, to);
    } else {
      if (within == 0) {
        score(kernels[member], head, cell, to, 0, positions);
        kernels[member].softmax(memory.state.address() + to, positions);
      }
      mix(kernels[member], head, cell, to, within, dims);
    }
  }

  private float queryScale(int head) {
    return memory.state.get(JAVA_FLOAT, queryScales + 4L * head);
  }

  private void whole(HeadKernel kernel, int head, long cell, long to) {
    long base = memory.state.address();
    kernel.run(
        base + queries + 2L * head * headDim,
        queryScale(head),
        base + keys + 2 * cell * headDim,
        base + keyScales + 4 * cell,
        base + values + 2 * cell * headDim,
        base + valueScales + 4 * cell,
        positions,
        base + to,
        base + mixed + 4L * head * headDim);
  }

  private void score(HeadKernel kernel, int head, long cell, long to, int from, int count) {
    long base = memory.state.address();
    kernel.score(
        base + queries + 2L * head * headDim,
        queryScale(head),
        base + keys + 2 * (cell + from) * headDim,
        base + keyScales + 4 * (cell + from),
        count,
        base + to + 4L * from);
  }

  private void mix(HeadKernel kernel, int head, long cell, long to, int from, int n) {
    long base = memory.state.address();
    kernel.mix(
        base + to,
        base + values + 2 * (cell * headDim + from),
        base + valueScales + 4 * cell,
        positions,
        n,
        base + mixed + 4L * (head * headDim + from));
  }

  /** Without machine code. */
  private void compiled(int head, long cell, long to, int member) {
    MemorySegment s = memory.state;
    if (within == 0) {
      long high = queries + 2L * head * headDim;
      HeadTwin twin = twins[member];
      twin.query(s, high, queryScale(head), headDim);
      twin.score(s, keys + 2 * cell * headDim, keyScales + 4 * cell, positions, scoreScale, to);
      twin.softmax(s, to, positions);
    }
    for (int d = within; d < within + dims; d += WIDTH) {
      HeadTwin.mix(
          s,
          to,
          values + 2 * (cell * headDim + d),
          valueScales + 4 * cell,
          2L * headDim,
          positions,
          mixed + 4L * (head * headDim + d));
    }
  }
}
