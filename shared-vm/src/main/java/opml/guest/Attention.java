package opml.guest;

/** Attention of query heads over the key/value cache (docs/protocol.md section 8). */
final class Attention {
  private Attention() {}

  static void heads(Memory m, int layer, int first, int dims, int positions) {
    int headDim = m.loadI32(Header.HEAD_DIM);
    int kvHeads = m.loadI32(Header.KV_HEADS);
    int context = m.loadI32(Header.CONTEXT);
    int group = Ints.divide(m.loadI32(Header.HEADS), kvHeads);
    long scores = m.loadI64(Header.SCORES);
    int at = first;
    int end = first + dims;
    while (at < end) {
      Bounds.loop(Header.MAX_HEADS);
      int head = Ints.divide(at, headDim);
      int within = at - head * headDim;
      int n = Ints.min(headDim - within, end - at);
      long cell = (long) (layer * kvHeads + Ints.divide(head, group)) * context;
      if (within == 0) {
        score(m, head, headDim, cell, positions, scores);
        softmax(m, scores, positions);
      }
      mix(
          m,
          scores,
          m.loadI64(Header.VALUES) + ((cell * headDim + within) << 1),
          m.loadI64(Header.VALUE_SCALES) + (cell << 2),
          headDim << 1,
          n,
          positions,
          m.loadI64(Header.MIXED) + ((long) at << 2));
      scores += (long) positions << 2;
      at += n;
    }
  }

  /** score = (float) (q . k) * (dq * dk) * (1 / sqrt(headDim)) for each position. */
  private static void score(
      Memory m, int head, int headDim, long cell, int positions, long scores) {
    long high = m.loadI64(Header.QUERIES) + ((long) (head * headDim) << 1);
    long low = high + headDim;
    long k = m.loadI64(Header.KEYS) + ((cell * headDim) << 1);
    long kScale = m.loadI64(Header.KEY_SCALES) + (cell << 2);
    float dq = m.loadF32(m.loadI64(Header.QUERY_SCALES) + ((long) head << 2));
    float scale = m.loadF32(Header.SCORE_SCALE);
    for (int p = 0; p < positions; p++) {
      Bounds.loop(Header.MAX_CONTEXT);
      Bounds.total(Header.MAX_SCORES);
      int sumHigh = 0;
      int sumLow = 0;
      for (int d = 0; d < headDim; d += 32) {
        Bounds.loop(Header.MAX_HEAD_DIM / 32);
        Bounds.total(Header.MAX_SCORES * Header.MAX_HEAD_DIM / 32);
        m.vload(high + d);
        sumHigh += m.dotl(k) + m.doth(k + 32);
        m.vload(low + d);
        sumLow += m.dotl(k) + m.doth(k + 32);
        k += 64;
      }
      m.storeF32(scores, (float) ((sumHigh << 7) + sumLow) * (dq * m.loadF32(kScale)) * scale);
      scores += 4;
      kScale += 4;
    }
  }

  /** p = exp(s - max) * (1 / sum) in place. */
  private static void softmax(Memory m, long scores, int n) {
    float top = Floats.fromBits(0xff800000);
    long s = scores;
    for (int p = 0; p < n; p++) {
      Bounds.loop(Header.MAX_CONTEXT);
      Bounds.total(Header.MAX_SCORES);
      float value = m.loadF32(s);
      top = value > top ? value : top;
      s += 4;
    }
    s = scores;
    for (int p = 0; p < n; p++) {
      Bounds.loop(Header.MAX_CONTEXT);
      Bounds.total(Header.MAX_SCORES);
      m.storeF32(s, Floats.exp(m.loadF32(s) - top));
      s += 4;
    }
    float inverse = 1f / Norm.sum(m, scores, n);
    s = scores;
    for (int p = 0; p < n; p++) {
      Bounds.loop(Header.MAX_CONTEXT);
      Bounds.total(Header.MAX_SCORES);
      m.storeF32(s, m.loadF32(s) * inverse);
      s += 4;
    }
  }

  /**
   * o_d = sum over positions, ascending, of (p_j * dv_j) * (float) v_jd, eight dimensions at a
   * time.
   */
  private static void mix(
      Memory m, long weights, long v, long vScale, int stride, int dims, int positions, long out) {
    for (int d = 0; d < dims; d += 8) {
      Bounds.loop(Header.MAX_HEAD_DIM / 8);
      float o0 = 0f;
      float o1 = 0f;
      float o2 = 0f;
      float o3 = 0f;
      float o4 = 0f;
      float o5 = 0f;
      float o6 = 0f;
      float o7 = 0f;
      long w = weights;
      long s = vScale;
      long a = v;
      for (int p = 0; p < positions; p++) {
        Bounds.loop(Header.MAX_CONTEXT);
        Bounds.total(Header.MAX_ATTENTION / 8);
        float f = m.loadF32(w) * m.loadF32(s);
        o0 += f * (float) m.loadI16(a);
        o1 += f * (float) m.loadI16(a + 2);
        o2 += f * (float) m.loadI16(a + 4);
        o3 += f * (float) m.loadI16(a + 6);
        o4 += f * (float) m.loadI16(a + 8);
        o5 += f * (float) m.loadI16(a + 10);
        o6 += f * (float) m.loadI16(a + 12);
        o7 += f * (float) m.loadI16(a + 14);
        w += 4;
        s += 4;
        a += stride;
      }
      m.storeF32(out, o0);
      m.storeF32(out + 4, o1);
      m.storeF32(out + 8, o2);
      m.storeF32(out + 12, o3);
      m.storeF32(out + 16, o4);
      m.storeF32(out + 20, o5);
      m.storeF32(out + 24, o6);
      m.storeF32(out + 28, o7);
      out += 32;
      v += 16;
    }
  }
}
