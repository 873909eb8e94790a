package opml.dispute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import opml.game.Trace;
import opml.machine.Machine;

/**
 * A trace by replay: whole operators natively, the inside of an operator by the virtual machine.
 *
 * <p>Index t lies in operator t / 2^24 (protocol section 3). Only states that are asked for are
 * hashed, each once. Not safe for use by several threads at once.
 */
public final class ReplayTrace implements Trace, AutoCloseable {
  private static final int OPERATOR_LOG2 = 24;
  private static final int HASHES = 1 << 18; // about 30 MiB
  static final long KEPT = 256L << 20; // bytes

  private final Program program;
  private final byte[] input;
  private final long kept;
  private final Map<Long, byte[]> hashes =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
          return size() > HASHES;
        }
      };
  private Replay replay;
  private Machine machine;
  private long machineAt;
  private long work;

  public ReplayTrace(Program program, byte[] input) {
    this(program, input, KEPT);
  }

  /**
   * A trace with a bound.
   *
   * @param kept bytes of the key/value cache that may be kept for going on after going back; what
   *     is not kept is computed again
   */
  public ReplayTrace(Program program, byte[] input, long kept) {
    this.program = program;
    this.input = input;
    this.kept = kept;
  }

  /** A trace of a run that may have gone on before. */
  ReplayTrace(Program program, byte[] input, Replay replay) {
    this(program, input, KEPT);
    this.replay = replay;
    replay.keep(kept);
  }

  /** A run of its own where this one stands. */
  Replay fork() {
    seek(replay == null ? 0 : replay.operators());
    return replay.fork();
  }

  @Override
  public byte[] state(long index) {
    byte[] known = hashes.get(index);
    if (known == null) {
      known = hash(index);
      hashes.put(index, known);
    }
    return known;
  }

  @Override
  public List<byte[]> states(long from, long stride, int count) {
    List<byte[]> states = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      states.add(state(from + i * stride));
    }
    return states;
  }

  /** One pass in ascending order, whatever the order and the number of those who ask. */
  @Override
  public void expect(Collection<Long> indices) {
    new TreeSet<>(indices).forEach(this::state);
  }

  @Override
  public byte[] witness(long index) {
    seek(index >>> OPERATOR_LOG2);
    return machine(index).witness(steps(index) == 0);
  }

  /** A machine where an operator begins, or at the end if that comes first, until the next call. */
  public Machine at(long operator) {
    seek(operator);
    return replay.machine();
  }

  /** Operators run natively so far, those run again after going back included. */
  long work() {
    return work;
  }

  private byte[] hash(long index) {
    seek(index >>> OPERATOR_LOG2);
    return replay.ended() || steps(index) == 0 ? replay.stateHash() : machine(index).stateHash();
  }

  /**
   * As {@link #answer}, sooner where it is what somebody claims.
   *
   * @param output claimed bytes
   */
  public Answered answer(byte[] output) {
    seek(0);
    replay.compare(output);
    machine = null;
    work += replay.operators();
    return answer();
  }

  /** What the run comes to; null when it faults, for then there is nothing to claim. */
  public Answered answer() {
    seek(Long.MAX_VALUE);
    return Answered.of(replay, program.sizes().output());
  }

  /** Brings the native run to an operator's beginning, or to its end if that comes first. */
  private void seek(long operator) {
    if (replay == null) {
      replay = program.start(input);
      replay.keep(kept);
      machine = null;
    }
    if (replay.operators() != operator && !endsAt(operator)) {
      machine = null;
      replay.approach(operator);
      long before = replay.operators();
      replay.runTo(operator);
      work += replay.operators() - before;
    }
  }

  private boolean endsAt(long operator) {
    return replay.ended() && replay.operators() <= operator;
  }

  /** A machine at an index inside the operator where the native run stands. */
  private Machine machine(long index) {
    long wanted = steps(index);
    if (machine == null || machineAt > wanted) {
      machine = replay.machine();
      machineAt = 0;
    }
    if (wanted > machineAt && !replay.ended()) {
      if (machineAt == 0) {
        machine.resume();
      }
      replay.advance(machine, machineAt, wanted - machineAt);
    }
    machineAt = wanted;
    return machine;
  }

  /** Instructions into the operator. */
  private static long steps(long index) {
    return index & (1L << OPERATOR_LOG2) - 1;
  }

  /** Frees the run's memory; hashes stay, and whoever asks on finds the token ids known. */
  public void rest() {
    if (replay != null) {
      replay.rest();
      machine = null;
    }
  }

  /** Frees the run; hashes stay, and whoever asks on starts it again. */
  @Override
  public void close() {
    if (replay != null) {
      replay.close();
      replay = null;
    }
  }
}
