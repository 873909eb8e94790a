package opml.commitment;

import java.util.Iterator;
import java.util.ServiceLoader;

/**
 * Keccak-256 as the EVM has it (padding 0x01). Integers only, no state shared between calls: safe
 * to call from any number of threads.
 */
public final class Keccak {
  private static final int RATE = 136;
  private static final PairHash PAIRS = fastest();

  private Keccak() {}

  /** Hash of the whole array, 32 bytes. */
  public static byte[] hash(byte[] data) {
    byte[] out = new byte[32];
    hash(data, 0, data.length, out, 0);
    return out;
  }

  /** Hash of {@code in[off, off + len)} into {@code out[outOff, outOff + 32)}. */
  public static void hash(byte[] in, int off, int len, byte[] out, int outOff) {
    long[] s = new long[25];
    int at = off;
    int left = len;
    for (; left >= RATE; left -= RATE, at += RATE) {
      for (int i = 0; i < RATE / 8; i++) {
        s[i] ^= lane(in, at + 8 * i);
      }
      Permutation.apply(s);
    }
    for (int i = 0; i < left; i++) {
      s[i >> 3] ^= (in[at + i] & 0xffL) << ((i & 7) << 3);
    }
    s[left >> 3] ^= 1L << ((left & 7) << 3);
    s[16] ^= Long.MIN_VALUE;
    squeeze(s, out, outOff);
  }

  /** Hash of two 32-byte nodes, left then right; {@code out} may be one of them. */
  public static void pair(byte[] l, int lo, byte[] r, int ro, byte[] out, int oo) {
    long[] s = new long[25];
    for (int i = 0; i < 4; i++) {
      s[i] = lane(l, lo + 8 * i);
      s[4 + i] = lane(r, ro + 8 * i);
    }
    s[8] = 1;
    s[16] = Long.MIN_VALUE;
    squeeze(s, out, oo);
  }

  /** Hashes n neighbouring pairs of nodes, as {@link PairHash#pairs} says. */
  public static void pairs(byte[] in, int inOff, int n, byte[] out, int outOff) {
    PAIRS.pairs(in, inOff, n, out, outOff);
  }

  /** The same one after another: the plain form of every {@link PairHash}. */
  public static void plainPairs(byte[] in, int inOff, int n, byte[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      pair(in, inOff + 64 * i, in, inOff + 64 * i + 32, out, outOff + 32 * i);
    }
  }

  /** What iota adds in a round, 0 to 23. */
  public static long roundConstant(int round) {
    return Permutation.ROUND[round];
  }

  private static PairHash fastest() {
    Iterator<PairHash> given =
        ServiceLoader.load(PairHash.class, PairHash.class.getClassLoader()).iterator();
    return given.hasNext() ? given.next() : Keccak::plainPairs;
  }

  private static void squeeze(long[] s, byte[] out, int off) {
    Permutation.apply(s);
    for (int i = 0; i < 32; i++) {
      out[off + i] = (byte) (s[i >> 3] >>> ((i & 7) << 3));
    }
  }

  private static long lane(byte[] b, int i) {
    int lo = b[i] & 255 | (b[i + 1] & 255) << 8 | (b[i + 2] & 255) << 16 | b[i + 3] << 24;
    int hi = b[i + 4] & 255 | (b[i + 5] & 255) << 8 | (b[i + 6] & 255) << 16 | b[i + 7] << 24;
    return lo & 0xffffffffL | (long) hi << 32;
  }
}
