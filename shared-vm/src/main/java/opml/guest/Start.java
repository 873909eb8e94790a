package opml.guest;

/** First operator: is the model within the caps, is the request within section 6. */
final class Start {
  private Start() {}

  static int operator(Memory m) {
    int status = Wire.STOP;
    if (!model(m)) {
      status = Wire.BAD_MODEL;
    } else if (!request(m)) {
      status = Wire.BAD_REQUEST;
    }
    m.storeI32(Control.MAX_TOKENS, m.loadI32(Wire.MAX_TOKENS));
    m.storeI32(Control.STATUS, status);
    m.storeI32(Control.PHASE, status == Wire.STOP ? Guest.P_TOKENIZE : Guest.P_FINISH);
    return 0;
  }

  private static boolean request(Memory m) {
    int kind = m.loadI32(Wire.KIND);
    int maxTokens = m.loadI32(Wire.MAX_TOKENS);
    int body = m.loadI32(Wire.BODY_LENGTH);
    return (kind == Wire.RAW || kind == Wire.CHAT)
        && within(maxTokens, m.loadI32(Header.CONTEXT))
        && within(body, Wire.MAX_BODY)
        && Sampler.acceptable(m);
  }

  /** 1..max. */
  private static boolean within(int value, int max) {
    return value > 0 && value <= max;
  }

  /** A multiple of 32 in 32..max. */
  private static boolean whole(int value, int max) {
    return within(value, max) && (value & 31) == 0;
  }

  private static boolean model(Memory m) {
    int dim = m.loadI32(Header.DIM);
    int heads = m.loadI32(Header.HEADS);
    int kvHeads = m.loadI32(Header.KV_HEADS);
    int headDim = m.loadI32(Header.HEAD_DIM);
    int ffn = m.loadI32(Header.FFN);
    int vocab = m.loadI32(Header.VOCAB);
    int headLimit = m.loadI32(Header.HEAD_LIMIT);
    boolean good =
        m.loadI32(Header.MAGIC) == Header.MAGIC_VALUE
            && m.loadI32(Header.VERSION) == 1
            && whole(dim, Header.MAX_DIM)
            && within(m.loadI32(Header.LAYERS), Header.MAX_LAYERS)
            && within(heads, Header.MAX_HEADS)
            && within(kvHeads, heads)
            && Ints.remainder(heads, kvHeads) == 0
            && whole(headDim, Header.MAX_HEAD_DIM)
            && heads * headDim <= Header.MAX_INNER
            && (heads + kvHeads + kvHeads) * headDim <= Header.MAX_PROJECTED
            && whole(ffn, Header.MAX_INNER)
            && within(vocab, Header.MAX_VOCAB)
            && within(m.loadI32(Header.CONTEXT), Header.MAX_CONTEXT)
            && within(m.loadI32(Header.LIMIT), 16383)
            && within(headLimit, 4095)
            && (long) headLimit * headLimit * headDim < 0x80000000L
            && m.loadI64(Header.ACTIVATION_BYTES) > 0
            && m.loadI64(Header.ACTIVATION_BYTES) <= Header.MAX_ACTIVATION_BYTES;
    return good
        && ones(m)
        && Places.good(m)
        && tensors(m, dim, heads * headDim, kvHeads * headDim, ffn, vocab);
  }

  private static boolean ones(Memory m) {
    long all = 0x0101_0101_0101_0101L;
    return m.loadI64(Header.ONES) == all
        && m.loadI64(Header.ONES + 8) == all
        && m.loadI64(Header.ONES + 16) == all
        && m.loadI64(Header.ONES + 24) == all;
  }

  /** Shapes of all tensors: a wrong one could take an operator past its budget (INV-02). */
  private static boolean tensors(Memory m, int dim, int inner, int kv, int ffn, int vocab) {
    long t = m.loadI64(Header.TENSORS);
    boolean good = matrix(m, t, dim) && m.loadI32(t + Tensor.ROWS) == vocab;
    t += Tensor.BYTES;
    good = good && matrix(m, t, dim) && m.loadI32(t + Tensor.ROWS) == vocab;
    t += Tensor.BYTES;
    good = good && norm(m, t, dim);
    t += Tensor.BYTES;
    int layers = m.loadI32(Header.LAYERS);
    for (int layer = 0; layer < layers; layer++) {
      Bounds.loop(Header.MAX_LAYERS);
      good =
          good
              && norm(m, t + Tensor.ATTENTION_NORM * Tensor.BYTES, dim)
              && projections(m, t, dim, inner, kv)
              && matrix(m, t + Tensor.ATTENTION_OUTPUT * Tensor.BYTES, inner)
              && rows(m, t, Tensor.ATTENTION_OUTPUT) == dim
              && norm(m, t + Tensor.FFN_NORM * Tensor.BYTES, dim)
              && gates(m, t, dim, ffn)
              && matrix(m, t + Tensor.DOWN * Tensor.BYTES, ffn)
              && rows(m, t, Tensor.DOWN) == dim;
      t += Tensor.PER_LAYER * Tensor.BYTES;
    }
    return good;
  }

  private static boolean projections(Memory m, long t, int dim, int inner, int kv) {
    int query = rows(m, t, Tensor.QUERY);
    int key = rows(m, t, Tensor.KEY);
    int value = rows(m, t, Tensor.VALUE);
    boolean joined = query == inner + kv + kv && key == 0 && value == 0;
    boolean apart = query == inner && key == kv && value == kv;
    return (joined || apart)
        && matrix(m, t + Tensor.QUERY * Tensor.BYTES, dim)
        && (joined || matrix(m, t + Tensor.KEY * Tensor.BYTES, dim))
        && (joined || matrix(m, t + Tensor.VALUE * Tensor.BYTES, dim));
  }

  private static boolean gates(Memory m, long t, int dim, int ffn) {
    int gate = rows(m, t, Tensor.GATE);
    int up = rows(m, t, Tensor.UP);
    boolean joined = gate == ffn + ffn && up == 0;
    boolean apart = gate == ffn && up == ffn;
    return (joined || apart)
        && matrix(m, t + Tensor.GATE * Tensor.BYTES, dim)
        && (joined || matrix(m, t + Tensor.UP * Tensor.BYTES, dim));
  }

  private static int rows(Memory m, long layer, int index) {
    return m.loadI32(layer + index * Tensor.BYTES + Tensor.ROWS);
  }

  private static boolean matrix(Memory m, long t, int columns) {
    int type = m.loadI32(t + Tensor.TYPE);
    boolean known =
        type == Tensor.Q8_0
            || type == Tensor.Q4_0
            || type == Tensor.Q4_1
            || type == Tensor.Q5_1
            || Tensor.isSuper(type) && (columns & 255) == 0;
    return known && m.loadI32(t + Tensor.COLUMNS) == columns;
  }

  private static boolean norm(Memory m, long t, int columns) {
    return m.loadI32(t + Tensor.TYPE) == Tensor.F32 && m.loadI32(t + Tensor.COLUMNS) == columns;
  }
}
