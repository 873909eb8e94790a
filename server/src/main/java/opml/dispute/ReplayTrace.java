package opml.dispute;

import java.util.ArrayList;
import java.util.List;
import opml.game.Trace;
import opml.machine.Machine;

/**
 * A trace by replay: whole operators natively, the inside of an operator by the virtual machine.
 *
 * <p>Index t lies in operator t / 2^24 (protocol section 3). Only states that are asked for are
 * hashed. Not safe for use by several threads at once.
 */
public final class ReplayTrace implements Trace, AutoCloseable {
  private static final int OPERATOR_LOG2 = 24;

  private final Program program;
  private final byte[] input;
  private Replay replay;
  private Machine machine;
  private long machineAt;
  private long lastFrom;
  private long lastStride;
  private List<byte[]> last = List.of();

  public ReplayTrace(Program program, byte[] input) {
    this.program = program;
    this.input = input;
  }

  @Override
  public byte[] state(long index) {
    return hash(index);
  }

  /** The last answer is kept: a player looks twice, to move and to tell why. */
  @Override
  public List<byte[]> states(long from, long stride, int count) {
    if (from == lastFrom && stride == lastStride && count == last.size()) {
      return last;
    }
    List<byte[]> states = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      states.add(hash(from + i * stride));
    }
    lastFrom = from;
    lastStride = stride;
    last = List.copyOf(states);
    return last;
  }

  @Override
  public byte[] witness(long index) {
    seek(index >>> OPERATOR_LOG2);
    return machine(index).witness(steps(index) == 0);
  }

  private byte[] hash(long index) {
    seek(index >>> OPERATOR_LOG2);
    return replay.ended() || steps(index) == 0 ? replay.stateHash() : machine(index).stateHash();
  }

  /** Brings the native run to an operator's beginning, or to its end if that comes first. */
  private void seek(long operator) {
    if (replay != null && replay.operators() > operator && !endsAt(operator)) {
      replay.close();
      replay = null;
    }
    if (replay == null) {
      replay = program.start(input);
      machine = null;
    }
    while (replay.operators() < operator && replay.operator()) {
      machine = null;
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

  @Override
  public void close() {
    if (replay != null) {
      replay.close();
    }
  }
}
