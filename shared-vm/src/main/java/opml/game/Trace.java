package opml.game;

import java.util.Collection;
import java.util.List;

/** A sequence of states s(0), s(1), … and the proof of each step (protocol section 3). */
public interface Trace {
  /** Hash of s(index), 32 bytes. */
  byte[] state(long index);

  /** Hashes of s(from), s(from + stride), … ({@code count} of them), found in one pass. */
  List<byte[]> states(long from, long stride, int count);

  /** Told which states will be asked for, in any order: a replay finds them in one pass. */
  default void expect(Collection<Long> indices) {}

  /** Witness of the step from s(index) to s(index + 1), protocol section 5. */
  byte[] witness(long index);
}
