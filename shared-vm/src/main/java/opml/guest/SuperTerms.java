package opml.guest;

/**
 * What block b of a super-block adds to lane b (docs/protocol.md section 8). Scales belong to 32
 * values (Q4_K, Q5_K: byte b scale, byte 8 + b minimum) or to 16 (byte b for the first half of
 * block b, byte 8 + b for the second). Integers are exact, at most 2^31 - 2^17.
 */
final class SuperTerms {
  private SuperTerms() {}

  /** Whether the type has minima. */
  static boolean shifted(int type) {
    return type == Tensor.Q4_K || type == Tensor.Q5_K || type == Tensor.Q2_K;
  }

  /**
   * The term.
   *
   * @param c address of the block's first scale byte
   * @param f factor of the scales
   * @param g factor of the minima
   * @param q address of the activations; s of their scale, u of their sum
   */
  static float of(Memory m, int type, long w, long c, float f, float g, long q, long s, long u) {
    if (type == Tensor.Q6_K) {
      return signed(m, w, c, f, q, s);
    }
    if (type == Tensor.Q3_K) {
      return centred(m, w, c, f, q, s);
    }
    if (type == Tensor.Q2_K) {
      return halves(m, w, c, f, g, q, s);
    }
    if (type == Tensor.Q5_K) {
      m.vload(w);
    } else {
      m.vload4(w);
    }
    int sum = m.loadU8(c) * (m.dotl(q) + m.doth(q + 32));
    return ((float) sum * f - (float) (m.loadU8(c + 8) * m.loadI32(u)) * g) * m.loadF32(s);
  }

  /** Q6_K: signed weights and scales. */
  private static float signed(Memory m, long w, long c, float f, long q, long s) {
    m.vload(w);
    int sum = m.loadI8(c) * m.dotl(q) + m.loadI8(c + 8) * m.doth(q + 32);
    return (float) sum * (f * m.loadF32(s));
  }

  /** Q3_K: weights 0..7 stand for -4..3. */
  private static float centred(Memory m, long w, long c, float f, long q, long s) {
    m.vload4(w);
    int first = m.dotl(q);
    int second = m.doth(q + 32);
    m.vload(Header.ONES);
    first -= m.dotl(q) << 2;
    second -= m.doth(q + 32) << 2;
    return (float) (m.loadI8(c) * first + m.loadI8(c + 8) * second) * (f * m.loadF32(s));
  }

  /** Q2_K: scale in the low nibble, minimum in the high one. */
  private static float halves(Memory m, long w, long c, float f, float g, long q, long s) {
    int a = m.loadU8(c);
    int b = m.loadU8(c + 8);
    m.vload4(w);
    int sum = (a & 15) * m.dotl(q) + (b & 15) * m.doth(q + 32);
    m.vload(Header.ONES);
    int low = (a >> 4) * m.dotl(q) + (b >> 4) * m.doth(q + 32);
    return ((float) sum * f - (float) low * g) * m.loadF32(s);
  }
}
