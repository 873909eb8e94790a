package opml.dispute;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import opml.commitment.Keccak;
import opml.game.Trace;

/** A trace that is right but for its end: another answer where the program exits. */
record OutputLie(ReplayTrace honest, byte[] exit, byte[] claimedPreimage) implements Trace {
  @Override
  public byte[] state(long index) {
    return told(honest.state(index));
  }

  @Override
  public List<byte[]> states(long from, long stride, int count) {
    return honest.states(from, stride, count).stream().map(this::told).toList();
  }

  @Override
  public void expect(Collection<Long> indices) {
    honest.expect(indices);
  }

  @Override
  public byte[] witness(long index) {
    return Arrays.equals(honest.state(index), exit) ? claimedPreimage : honest.witness(index);
  }

  private byte[] told(byte[] state) {
    return Arrays.equals(state, exit) ? Keccak.hash(claimedPreimage) : state;
  }
}
