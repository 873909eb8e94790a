package opml.inference.keccak;

import opml.commitment.Keccak;
import opml.commitment.PairHash;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;

/** Hashes pairs side by side: by emitted code, else by the Vector API. */
public final class SimdPairs implements PairHash {
  /** Fewer pairs than this cost less one after another. */
  private static final int LEAST = Emission.has(Level.AVX2) ? 2 : 3;

  private static final ThreadLocal<PairHash> FORM = ThreadLocal.withInitial(SimdPairs::form);

  /** For the service loader. */
  public SimdPairs() {}

  private static PairHash form() {
    if (Emission.has(Level.AVX2)) {
      return new EmittedPairs();
    }
    return WidePermutation.LANES >= 4 ? new WidePairs() : Keccak::plainPairs;
  }

  @Override
  public void pairs(byte[] in, int inOff, int n, byte[] out, int outOff) {
    if (n < LEAST) {
      Keccak.plainPairs(in, inOff, n, out, outOff);
    } else {
      FORM.get().pairs(in, inOff, n, out, outOff);
    }
  }
}
