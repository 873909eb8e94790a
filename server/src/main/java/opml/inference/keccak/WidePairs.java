package opml.inference.keccak;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import opml.commitment.PairHash;

/** As many pairs at a time as a vector has lanes of 64 bits, for one thread. */
final class WidePairs implements PairHash {
  private static final int LANES = WidePermutation.LANES;
  private static final int PAD = WidePermutation.PAD;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] t = new long[PAD + 25 * LANES];
  private final long[] u = new long[PAD + 25 * LANES];

  @Override
  public void pairs(byte[] in, int inOff, int n, byte[] out, int outOff) {
    for (int done = 0; done < n; done += LANES) {
      int m = Math.min(LANES, n - done);
      absorb(in, inOff + 64 * done, m);
      WidePermutation.apply(t, u);
      squeeze(m, out, outOff + 32 * done);
    }
  }

  private void absorb(byte[] in, int off, int m) {
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < 8; k++) {
        t[PAD + k * LANES + i] = (long) LONG.get(in, off + 64 * i + 8 * k);
      }
    }
    Arrays.fill(t, PAD + 8 * LANES, PAD + 25 * LANES, 0);
    Arrays.fill(t, PAD + 8 * LANES, PAD + 9 * LANES, 1);
    Arrays.fill(t, PAD + 16 * LANES, PAD + 17 * LANES, Long.MIN_VALUE);
  }

  private void squeeze(int m, byte[] out, int off) {
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < 4; k++) {
        LONG.set(out, off + 32 * i + 8 * k, t[PAD + k * LANES + i]);
      }
    }
  }
}
