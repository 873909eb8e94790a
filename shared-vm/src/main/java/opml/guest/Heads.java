package opml.guest;

/** The attention operators of a layer: the first also rotates q and k and quantizes q, k and v. */
final class Heads {
  private Heads() {}

  static void operator(Memory m) {
    int layer = m.loadI32(Control.LAYER);
    int headDim = m.loadI32(Header.HEAD_DIM);
    int heads = m.loadI32(Header.HEADS);
    int positions = m.loadI32(Control.POSITION) + 1;
    int first = m.loadI32(Control.CURSOR);
    if (first == 0 && store(m, layer, heads, headDim, positions - 1) != 0) {
      Tokens.end(m, Wire.NUMERIC);
      return;
    }
    int budget = Ints.divide(Header.MAX_ATTENTION, positions) & -32;
    int count;
    if (budget >= headDim) {
      count = Ints.min(heads * headDim - first, Ints.divide(budget, headDim) * headDim);
    } else {
      count = Ints.min(headDim - Ints.remainder(first, headDim), budget);
    }
    m.attend(layer, first, count, positions);
    boolean done = first + count == heads * headDim;
    m.storeI32(Control.CURSOR, done ? 0 : first + count);
    m.storeI32(Control.STAGE, done ? Tensor.ATTENTION_OUTPUT : Forward.ATTEND);
  }

  /**
   * Quantizes the token's q for this layer's heads and adds its k and v to the cache; 1 when not
   * finite.
   */
  private static int store(Memory m, int layer, int heads, int headDim, int position) {
    int kvHeads = m.loadI32(Header.KV_HEADS);
    int limit = m.loadI32(Header.HEAD_LIMIT);
    long row = (long) headDim << 2;
    long x = m.loadI64(Header.PROJECTED);
    m.rotate(x, heads + kvHeads, headDim, m.loadI64(Header.ROPE) + position * row);
    long query = m.loadI64(Header.QUERIES);
    long scale = m.loadI64(Header.QUERY_SCALES);
    int bad = 0;
    for (int head = 0; head < heads; head++) {
      Bounds.loop(Header.MAX_HEADS);
      bad |= m.quantizeQuery(x, headDim, limit, query, scale);
      x += row;
      query += (long) headDim << 1;
      scale += 4;
    }
    for (int head = 0; head < kvHeads; head++) {
      Bounds.loop(Header.MAX_HEADS);
      long cell = (long) (layer * kvHeads + head) * m.loadI32(Header.CONTEXT) + position;
      long vector = (cell * headDim) << 1;
      long key = m.loadI64(Header.KEYS) + vector;
      long keyScale = m.loadI64(Header.KEY_SCALES) + (cell << 2);
      bad |= m.quantizeHead(x, headDim, limit, key, keyScale);
      long value = m.loadI64(Header.VALUES) + vector;
      long valueScale = m.loadI64(Header.VALUE_SCALES) + (cell << 2);
      bad |= m.quantizeHead(x + kvHeads * row, headDim, VALUE_LIMIT, value, valueScale);
      x += row;
    }
    return bad;
  }

  /** Largest magnitude of v. */
  static final int VALUE_LIMIT = 16383;
}
