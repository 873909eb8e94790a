package opml.dispute;

import java.util.Arrays;

/**
 * What a run's memory became between two checkpoints, in chunks of 64 bytes.
 *
 * @param operator operators done at the later one
 * @param at addresses of the chunks, ascending
 * @param content of the chunks, one after the other
 */
record Delta(long operator, long[] at, byte[] content) {
  static final int CHUNK = 64;

  /** Bytes that it takes. */
  long bytes() {
    return (Long.BYTES + CHUNK) * (long) at.length;
  }

  /** This and the next as one: the later content stands. */
  Delta then(Delta next) {
    long[] all = new long[at.length + next.at.length];
    byte[] bytes = new byte[CHUNK * all.length];
    int n = 0;
    int i = 0;
    for (int j = 0; i < at.length || j < next.at.length; n++) {
      boolean own = j == next.at.length || i < at.length && at[i] < next.at[j];
      if (own) {
        System.arraycopy(content, CHUNK * i, bytes, CHUNK * n, CHUNK);
        all[n] = at[i++];
      } else {
        System.arraycopy(next.content, CHUNK * j, bytes, CHUNK * n, CHUNK);
        i += i < at.length && at[i] == next.at[j] ? 1 : 0;
        all[n] = next.at[j++];
      }
    }
    return new Delta(next.operator, Arrays.copyOf(all, n), Arrays.copyOf(bytes, CHUNK * n));
  }
}
