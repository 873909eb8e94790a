package opml.translate;

import opml.guest.Bounds;
import opml.guest.Floats;
import opml.guest.Ints;
import opml.guest.Memory;

/**
 * Guest methods, each of which strains one part of the translator; run on the JVM and in the VM.
 */
public final class Torture {
  private Torture() {}

  /** Every comparison of two floats that Java has, one bit each, and their negations. */
  public static int comparisons(float a, float b) {
    int r = 0;
    r |= a < b ? 1 : 0;
    r |= a <= b ? 2 : 0;
    r |= a > b ? 4 : 0;
    r |= a >= b ? 8 : 0;
    r |= a == b ? 16 : 0;
    r |= a != b ? 32 : 0;
    r |= !(a < b) ? 64 : 0;
    r |= !(a <= b) ? 128 : 0;
    r |= !(a > b) ? 256 : 0;
    r |= !(a >= b) ? 512 : 0;
    boolean between = a < 1f && b > -1f || a == b;
    r |= between ? 1024 : 0;
    return r;
  }

  /** Shift distances beyond the width, of both kinds. */
  @SuppressWarnings("BadShiftAmount") // that is what it is for
  public static long shifts(int a, long b, int n) {
    long r = (a << n) ^ ((long) (a >> n) << 3) ^ ((long) (a >>> n) << 7);
    r += (b << n) ^ (b >> n) ^ (b >>> n);
    r = r * 31 + ((a << 33) ^ (a >> 37) ^ (a >>> 63));
    return r * 31 + ((b << 65) ^ (b >> 100) ^ (b >>> -1));
  }

  /** Ints and longs mixed: each int result must be sign-extended again. */
  public static long widths(int a, int b, long c) {
    int overflow = a * b + a - b;
    long r = overflow + c;
    r ^= (a + b) & 0xffffffffL;
    r += (byte) overflow + (short) a + (char) b;
    int narrowed = (int) (c * a);
    r = r * 7 + (narrowed >>> 1) + (narrowed / 7) + (narrowed % 7) + c / 1000003L + c % 97L;
    r += Integer.compareUnsigned(a, b) < 0 ? 11 : 13;
    r += Long.compareUnsigned(c, r) >= 0 ? 17 : 19;
    return r ^ Math.multiplyHigh(c, r) ^ -overflow ^ -c;
  }

  /** More values at once than there are registers, through a loop and a call. */
  public static long crowd(Memory m, long seed, int n) {
    long a0 = seed;
    long a1 = seed + 1;
    long a2 = seed * 3;
    long a3 = seed ^ 4;
    long a4 = seed >> 5;
    long a5 = seed << 6;
    long a6 = seed - 7;
    long a7 = seed | 8;
    long a8 = seed & 99;
    long a9 = seed + 10;
    long b0 = a1 * a2;
    long b1 = a2 * a3;
    long b2 = a3 * a4;
    long b3 = a4 * a5;
    long b4 = a5 * a6;
    long b5 = a6 * a7;
    long b6 = a7 * a8;
    long b7 = a8 * a9;
    long b8 = a9 * a0;
    long b9 = a0 * a1;
    float f0 = (float) a0;
    float f1 = (float) a1;
    float f2 = (float) a2;
    float f3 = (float) a3;
    float f4 = (float) a4;
    float f5 = (float) a5;
    float f6 = (float) a6;
    float f7 = (float) a7;
    long c0 = m.loadI64(1024);
    long c1 = m.loadI64(1032);
    long c2 = m.loadI64(1040);
    long c3 = m.loadI64(1048);
    for (int i = 0; i < (n & 7); i++) {
      Bounds.loop(7);
      long t = mixed(m, a0 ^ c0, i);
      a0 = a1 + t;
      a1 = a2 ^ b0;
      a2 = a3 + b1;
      a3 = a4 ^ b2;
      a4 = a5 + b3;
      a5 = a6 ^ b4;
      a6 = a7 + b5;
      a7 = a8 ^ b6;
      a8 = a9 + b7;
      a9 = a0 ^ b8;
      b9 += a0;
      f0 += f1 * f2;
      f1 -= f3;
      f2 += f4;
      f3 -= f5;
      f4 += f6;
      f5 -= f7;
      c0 += c1;
      c1 ^= c2;
      c2 += c3;
    }
    m.storeF32(1100, f0 + f1 + f2 + f3 + f4 + f5 + f6 + f7);
    m.storeI64(1104, b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9);
    return a0 ^ a1 ^ a2 ^ a3 ^ a4 ^ a5 ^ a6 ^ a7 ^ a8 ^ a9 ^ c0 ^ c1 ^ c2 ^ c3;
  }

  /** Too long to be inlined; called with the crowd alive. */
  private static long mixed(Memory m, long x, int i) {
    long r = x;
    for (int k = 0; k < 5; k++) {
      Bounds.loop(5);
      r = r * 0x5851f42d4c957f2dL + 0x14057b7ef767814fL;
      r ^= r >>> 33;
      if ((r & 3) == 0) {
        r += m.loadI32(1024 + ((long) (i & 15) << 2));
      } else if ((r & 3) == 1) {
        r -= m.loadU16(1024 + ((long) (i & 15) << 1));
      } else if ((r & 3) == 2) {
        m.storeI32(1200 + ((long) k << 2), (int) r);
      }
      r += switchSum(k) + switchSum((int) (r & 7)) + (r > 0 ? 1 : 2) + (r < -5 ? 3 : 4);
    }
    return r;
  }

  /** Dense, sparse and fall-through cases. */
  public static int switchSum(int key) {
    int r;
    switch (key) {
      case 0:
        r = 3;
        break;
      case 1:
      case 2:
        r = 5;
        break;
      case 3:
        r = 7;
      // falls through
      case 4:
        r = 11;
        break;
      case 5:
        r = 13;
        break;
      default:
        r = key * 2;
    }
    return r
        + switch (key) {
          case -1000000 -> 17;
          case Integer.MIN_VALUE -> 19;
          case Integer.MAX_VALUE -> 23;
          case 4096 -> 29;
          case 77 -> 31;
          default -> 37;
        };
  }

  private static int one(int a) {
    return a < 0 ? 1 - a : a + 1;
  }

  private static int two(int a, int b) {
    int x = one(a);
    x += one(b) * one(a ^ b);
    return x > b ? x : one(x);
  }

  private static int three(int a, int b, int c) {
    a = two(a, b);
    b = two(b, c);
    return two(a, b) ^ two(c, a);
  }

  /** Inlining in inlining, with assigned parameters and several returns. */
  public static int deep(int a, int b, int c) {
    int r = three(a, b, c) + three(three(c, b, a), two(a, a), one(b));
    return sign(r) * three(r, r, r) + sign(a - b);
  }

  private static int sign(int x) {
    if (x < 0) {
      return -1;
    }
    if (x == 0) {
      return 0;
    }
    return 1;
  }

  /** Constants of every length. */
  public static long constants(long x) {
    long r = x + 0x123456789abcdef0L;
    r ^= 0x8000000000000000L;
    r += 0x7fffffffffffffffL;
    r ^= 0xffffffffL;
    r += 0x80000000L;
    r ^= 0x00ff00ff00ff00ffL;
    r += 2047;
    r += 2048;
    r -= 2049;
    r ^= 0x7ff;
    r ^= 0x800;
    r += 0x1000000000000L;
    r &= 0xfffffffffffffL;
    return r * 6364136223846793005L + 1442695040888963407L;
  }

  /** Copies of floats that were only loaded: their NaN must become 7fc00000 (INV-07). */
  public static int copies(Memory m) {
    float best = m.loadF32(1024);
    for (int i = 1; i < 32; i++) {
      Bounds.loop(31);
      float x = m.loadF32(1024 + ((long) i << 2));
      best = x > best ? x : best;
      m.storeF32(1200 + ((long) i << 2), x);
      m.storeF32(1400 + ((long) i << 2), Floats.negate(x));
    }
    m.storeF32(1340, best);
    m.storeF32(1344, Floats.fromBits(m.loadI32(1028)));
    return Floats.bits(best) ^ Floats.bits(m.loadF32(1032)) ^ Floats.bits(Floats.negate(best));
  }

  /** Loops of all shapes: while, do, break, continue, nested, leaving two at once. */
  public static int loops(int n, int k) {
    int r = 0;
    int i = 0;
    while (i < (n & 15)) {
      Bounds.loop(15);
      i++;
      if ((i & 3) == (k & 3)) {
        continue;
      }
      int j = i;
      do {
        Bounds.loop(16);
        r += i * j;
        if (r > 1000000) {
          break;
        }
        j--;
      } while (j > 0);
      r ^= j;
    }
    outer:
    for (int a = 0; a < (k & 7); a++) {
      Bounds.loop(7);
      for (int b = a; b < 9; b++) {
        Bounds.loop(9);
        if (((a * b + n) & 31) == 5) {
          break outer;
        }
        r = r * 3 + b;
      }
    }
    for (int left = 40; ; left--) {
      Bounds.loop(40);
      r += left;
      if (left <= (n & 31)) {
        return r;
      }
    }
  }

  /** Old values of variables that change inside an expression. */
  @SuppressWarnings("AssignmentExpression") // that is what it is for
  public static int order(int a, int b) {
    int i = a;
    int r = i + i++ * 2 + (i = b) + i;
    r -= (i += 3) - i-- * (i << 1);
    int both = i = r;
    return r ^ both + (a > b ? i++ : --i) + i;
  }

  /** Divisions by a variable are total. */
  public static int division(int a, int b) {
    return Ints.divide(a, b) * 31 + Ints.remainder(a, b) + a / 3 - a % 10 + b / 1;
  }

  /** Arithmetic at its edges. */
  public static float floats(float a, float b) {
    float r = a * b + a / b - (a - b);
    r = r != r ? 1f : r;
    return Floats.sqrt(r) + Floats.exp(a) + (float) Floats.bits(b) + (float) (1L << 62) * a;
  }

  /** Seventeen arguments are too many, sixteen are not. */
  public static long many(
      int a,
      long b,
      float c,
      int d,
      long e,
      float f,
      int g,
      long h,
      float i,
      int j,
      long k,
      float l,
      int m,
      long n,
      float o,
      int p) {
    int r = 0;
    for (int t = 0; t < 2; t++) {
      Bounds.loop(2);
      r += Floats.bits(c + f * i - l / o) ^ a + d * g - j;
      r ^= (m << t) + p;
    }
    return (b ^ e) + (h ^ k) * n + r;
  }

  /** Hands its arguments on in another order, so that they must be exchanged. */
  public static long exchange(int a, long b, float c, int d, long e, float f, int g, long h) {
    return many(d, h, f, g, e, c, a, b, c, d, b, f, a, h, f, g)
        ^ many(g, e, f, a, b, c, d, e, f, a, h, c, d, b, c, a);
  }
}
