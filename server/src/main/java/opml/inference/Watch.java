package opml.inference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.guest.Tensor;

/**
 * Operators of a run that will be audited, chosen while it goes on. Of the token of each one the
 * residual stream before and after its layer is noted, in whatever way the token is made, so that
 * the audit makes one layer again and not the token. Good for one run.
 */
public final class Watch {
  /** Nothing is looked at. */
  public static final Watch NONE = new Watch(List.of());

  /** The operators before the first token. */
  static final int BEFORE_TOKENS = -1;

  /** Sampling, writing and clearing take at most so many operators. */
  private static final int TAIL = 8;

  /** Says which operator is looked at. */
  interface Choice {
    /**
     * Called once for each token in order, before them for {@link #BEFORE_TOKENS}; the last call
     * that chose counts.
     *
     * @param position of the token
     * @param operators how many it has, or a few more
     * @return one of them from 0, or -1
     */
    long of(int position, long operators);
  }

  private final List<Glimpse> glimpses;
  private final Boundaries kept; // null where nothing is kept
  private OperatorCount count;
  private int next = BEFORE_TOKENS;

  Watch(List<Choice> choices) {
    this(choices, null);
  }

  private Watch(List<Choice> choices, Boundaries kept) {
    glimpses = choices.stream().map(Glimpse::new).toList();
    this.kept = kept;
  }

  /** Notes no operator: the residual streams of all tokens, as far as they are to be kept. */
  static Watch keeping(Boundaries kept) {
    return new Watch(List.of(), kept);
  }

  /** Looks at so many operators, each with nearly the same chance. */
  public static Watch random(int operators, RandomGenerator random) {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < operators; i++) {
      choices.add(new Reservoir(random));
    }
    return new Watch(choices);
  }

  /** Keeps one of all operators so far, without knowing how many will come. */
  private static final class Reservoir implements Choice {
    private final RandomGenerator random;
    private long total;

    Reservoir(RandomGenerator random) {
      this.random = random;
    }

    @Override
    public long of(int position, long operators) {
      total += operators;
      long drawn = random.nextLong(total);
      return drawn < operators ? drawn : -1;
    }
  }

  /** What was noted of one operator and its surroundings. */
  public static final class Glimpse {
    private final Choice choice;
    private int position = BEFORE_TOKENS;
    private long operator;
    private int layer;
    private long end;
    private float[] before = {};
    private float[] after = {};
    private boolean begun;
    private boolean ended;

    private Glimpse(Choice choice) {
      this.choice = choice;
    }

    private void choose(int position, long operators, OperatorCount count) {
      long chosen = choice.of(position, operators);
      if (chosen >= 0) {
        this.position = position;
        operator = chosen;
        layer = count == null ? 0 : count.layer(position, chosen);
        begun = false;
        ended = false;
      }
    }

    private void see(int layer, MemorySegment from, long at, int dim) {
      if (before.length == 0) {
        before = new float[dim];
        after = new float[dim];
      }
      if (layer == this.layer) {
        MemorySegment.ofArray(before).copyFrom(from.asSlice(at, 4L * dim));
        begun = true;
      } else if (layer == this.layer + 1) {
        MemorySegment.ofArray(after).copyFrom(from.asSlice(at, 4L * dim));
        ended = true;
      }
    }

    /** The token; {@link #BEFORE_TOKENS} for an operator before the first one. */
    int position() {
      return position;
    }

    /** From 0 among the token's; may be beyond its last. */
    long operator() {
      return operator;
    }

    /** The layer, which what follows the last one belongs to; -1: what comes before the first. */
    int layer() {
      return layer;
    }

    /** Operators of the whole run. */
    long end() {
      return end;
    }

    /** The residual stream before the layer; null where it was not reached. */
    float[] before() {
      return begun ? before : null;
    }

    /** The residual stream before the next layer; null where it was not reached. */
    float[] after() {
      return ended ? after : null;
    }
  }

  /** A run is at the boundary before a token, or goes over it together with others. */
  void token(PlainNativeMemory m, int position, long done) {
    if (glimpses.isEmpty() || position < next) {
      return;
    }
    if (next == BEFORE_TOKENS) {
      count = new OperatorCount(m);
      choose(BEFORE_TOKENS, done);
    }
    next = position + 1;
    boolean last = position + 1 == m.loadI32(Control.TOKEN_COUNT);
    choose(position, last ? count.toLogits(position) + TAIL : count.ofToken(position));
  }

  private void choose(int position, long operators) {
    for (Glimpse glimpse : glimpses) {
      glimpse.choose(position, operators, position < 0 ? null : count);
    }
  }

  /** Before an operator of a token that is made by single operators. */
  void operator(PlainNativeMemory m) {
    boolean looks = !glimpses.isEmpty() || kept != null && kept.keeps();
    if (looks
        && m.loadI32(Control.PHASE) == Guest.P_FORWARD
        && m.loadI32(Control.STAGE) == Tensor.QUERY
        && m.loadI32(Control.CURSOR) == 0) {
      int position = m.loadI32(Control.POSITION);
      layer(position, m.loadI32(Control.LAYER), m.state, m.loadI64(Header.HIDDEN), m);
    }
  }

  /** The residual stream of a token lies before a layer. */
  void layer(int position, int layer, MemorySegment from, long at, PlainNativeMemory m) {
    if (kept != null) {
      kept.note(position, layer, from, at, m);
    }
    for (Glimpse glimpse : glimpses) {
      if (position == glimpse.position) {
        glimpse.see(layer, from, at, m.loadI32(Header.DIM));
      }
    }
  }

  /** The tokens at positions [from, to) are taken back. */
  void takenBack(int from, int to) {
    if (kept != null) {
      kept.drop(from, to);
    }
  }

  /** What was noted of a run that has ended, before any of it is audited. */
  public List<Glimpse> of(Run run) {
    if (next == BEFORE_TOKENS) {
      next = 0;
      choose(BEFORE_TOKENS, run.operators());
    }
    glimpses.forEach(glimpse -> glimpse.end = run.operators());
    return glimpses;
  }
}
