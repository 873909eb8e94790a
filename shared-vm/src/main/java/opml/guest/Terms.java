package opml.guest;

/**
 * What a block of 32 weights adds to its lane, for each format with one scale for 32 values
 * (docs/protocol.md section 8). The arguments are addresses: quants w, scale d, minimum n,
 * activations q with their scale s and sum u.
 */
final class Terms {
  private Terms() {}

  static float of(Memory m, int type, long w, long d, long n, long q, long s, long u) {
    if (type == Tensor.Q8_0) {
      return q80(m, w, d, q, s);
    }
    if (type == Tensor.Q4_0) {
      return q40(m, w, d, q, s, u);
    }
    if (type == Tensor.Q4_1) {
      return q41(m, w, d, n, q, s, u);
    }
    return q51(m, w, d, n, q, s, u);
  }

  private static float q80(Memory m, long w, long d, long q, long s) {
    m.vload(w);
    return (float) (m.dotl(q) + m.doth(q + 32)) * (m.loadF16(d) * m.loadF32(s));
  }

  private static float q40(Memory m, long w, long d, long q, long s, long u) {
    m.vload4(w);
    return (float) (m.dotl(q) + m.doth(q + 32) - (m.loadI32(u) << 3))
        * (m.loadF16(d) * m.loadF32(s));
  }

  private static float q41(Memory m, long w, long d, long n, long q, long s, long u) {
    m.vload4(w);
    return shifted(m, m.dotl(q) + m.doth(q + 32), d, n, m.loadF32(s), u);
  }

  private static float q51(Memory m, long w, long d, long n, long q, long s, long u) {
    m.vload(w);
    return shifted(m, m.dotl(q) + m.doth(q + 32), d, n, m.loadF32(s), u);
  }

  private static float shifted(Memory m, int sum, long d, long n, float dx, long u) {
    return (float) sum * (m.loadF16(d) * dx) + m.loadF16(n) * (dx * (float) m.loadI32(u));
  }
}
