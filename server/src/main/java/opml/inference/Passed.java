package opml.inference;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.commitment.Keccak;

/**
 * Token boundaries of the inputs run last, without rows of the cache: whoever runs one of them
 * again to prove a state need not choose its tokens again.
 */
final class Passed {
  private static final int TOKENS = 1 << 17; // about 20 MiB

  private final Map<ByteBuffer, Boundaries> runs = new LinkedHashMap<>(16, 0.75f, true);
  private long tokens;

  /** Those of an input, or none: in any case one's own to go on with. */
  synchronized Boundaries of(byte[] input) {
    Boundaries known = runs.get(key(input));
    return known == null ? new Boundaries() : new Boundaries(known);
  }

  synchronized void keep(byte[] input, Boundaries run) {
    Boundaries before = runs.put(key(input), new Boundaries(run));
    tokens += run.size() - (before == null ? 0 : before.size());
    Iterator<Boundaries> eldest = runs.values().iterator();
    while (tokens > TOKENS) {
      tokens -= eldest.next().size();
      eldest.remove();
    }
  }

  private static ByteBuffer key(byte[] input) {
    return ByteBuffer.wrap(Keccak.hash(input));
  }
}
