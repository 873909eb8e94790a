package opml.dispute;

import java.util.Set;
import opml.machine.Machine;

/** One run of a program, operator by operator. */
public interface Replay extends AutoCloseable {
  /** Runs the next operator; false when the run had ended before. */
  boolean operator();

  /** Operators run so far. */
  long operators();

  /** Whether the last operator ended in EXIT or FAULT. */
  boolean ended();

  /** Hash of the state now: YIELD, EXIT or FAULT form. */
  byte[] stateHash();

  /** Output bytes (protocol section 6) after EXIT. */
  byte[] output();

  /** A machine of its own in the state now, good until the next operator. */
  Machine machine();

  /**
   * Runs {@code steps} instructions on a machine that stands {@code done} instructions after the
   * state now.
   */
  default void advance(Machine machine, long done, long steps) {
    machine.run(steps);
  }

  /** Flips bits of the 32-bit word at a writable address: only planted faults do this. */
  void flip(long address, int bits);

  /**
   * Goes on from a machine that has run the next operator: as above.
   *
   * @param pages addresses of the pages of STATE and OUTPUT that it wrote
   */
  void adopt(Machine machine, Set<Long> pages);

  /** Runs to an operator's beginning, or to the end if that comes first. */
  default void runTo(long operator) {
    while (operators() < operator && operator()) {
      // on
    }
  }

  /**
   * Runs to the end, sooner where that is what somebody claims.
   *
   * @param output claimed bytes; the run does not depend on them
   */
  default void compare(byte[] output) {
    runTo(Long.MAX_VALUE);
  }

  /** Keeps about so many bytes from now on, so that {@link #approach} has less to do again. */
  void keep(long bytes);

  /** Goes to some operator not after {@code operator}, the nearer the more is kept. */
  void approach(long operator);

  /**
   * An operator whose result decides what is written next, that of the token in which an operator
   * lies or a later one; the operator itself where this is not known.
   */
  default long deciding(long operator) {
    return operator;
  }

  /** A run of its own in the state now. */
  Replay fork();

  /**
   * {@link #approach} goes back to the state now at most.
   *
   * @param regular whether the program goes on from here as from any of its states
   */
  void beginHere(boolean regular);

  /** Frees the memory of the run; the next use begins anew, with what it knows of the way. */
  void rest();

  @Override
  void close();
}
