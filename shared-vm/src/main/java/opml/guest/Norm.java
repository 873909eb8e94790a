package opml.guest;

/** Float sums in eight lanes: item i adds to lane i mod 8 (docs/protocol.md section 8). */
final class Norm {
  private Norm() {}

  /** Sum of squares of n floats, n a multiple of 8. */
  static float squares(Memory m, long x, int n) {
    float l0 = 0f;
    float l1 = 0f;
    float l2 = 0f;
    float l3 = 0f;
    float l4 = 0f;
    float l5 = 0f;
    float l6 = 0f;
    float l7 = 0f;
    for (int left = n >> 3; left > 0; left--) {
      Bounds.loop(Header.MAX_DIM / 8);
      float a = m.loadF32(x);
      l0 += a * a;
      a = m.loadF32(x + 4);
      l1 += a * a;
      a = m.loadF32(x + 8);
      l2 += a * a;
      a = m.loadF32(x + 12);
      l3 += a * a;
      a = m.loadF32(x + 16);
      l4 += a * a;
      a = m.loadF32(x + 20);
      l5 += a * a;
      a = m.loadF32(x + 24);
      l6 += a * a;
      a = m.loadF32(x + 28);
      l7 += a * a;
      x += 32;
    }
    return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
  }

  /** Sum of n floats, any n up to the context. */
  static float sum(Memory m, long x, int n) {
    float l0 = 0f;
    float l1 = 0f;
    float l2 = 0f;
    float l3 = 0f;
    float l4 = 0f;
    float l5 = 0f;
    float l6 = 0f;
    float l7 = 0f;
    for (int left = n >> 3; left > 0; left--) {
      Bounds.loop(Header.MAX_CONTEXT / 8);
      Bounds.total(Header.MAX_SCORES / 8);
      l0 += m.loadF32(x);
      l1 += m.loadF32(x + 4);
      l2 += m.loadF32(x + 8);
      l3 += m.loadF32(x + 12);
      l4 += m.loadF32(x + 16);
      l5 += m.loadF32(x + 20);
      l6 += m.loadF32(x + 24);
      l7 += m.loadF32(x + 28);
      x += 32;
    }
    int tail = n & 7;
    l0 += tail > 0 ? m.loadF32(x) : 0f;
    l1 += tail > 1 ? m.loadF32(x + 4) : 0f;
    l2 += tail > 2 ? m.loadF32(x + 8) : 0f;
    l3 += tail > 3 ? m.loadF32(x + 12) : 0f;
    l4 += tail > 4 ? m.loadF32(x + 16) : 0f;
    l5 += tail > 5 ? m.loadF32(x + 20) : 0f;
    l6 += tail > 6 ? m.loadF32(x + 24) : 0f;
    return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
  }
}
