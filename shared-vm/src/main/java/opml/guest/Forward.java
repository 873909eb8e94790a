package opml.guest;

/**
 * The forward pass of the token at POSITION, one operator at a time. Stages of a layer run in the
 * order of the methods' `next`; product stages have the number of their tensor ({@link Tensor}).
 */
final class Forward {
  static final int EMBED = 0;
  static final int ATTEND = 9;
  static final int ACTIVATE = 10;
  static final int LOGITS = 11;

  private Forward() {}

  static int operator(Memory m) {
    int stage = m.loadI32(Control.STAGE);
    if (stage == EMBED) {
      embed(m);
    } else if (stage == ATTEND) {
      Heads.operator(m);
    } else if (stage == ACTIVATE) {
      activate(m);
    } else {
      Product.operator(m, stage);
    }
    return 0;
  }

  private static void embed(Memory m) {
    int position = m.loadI32(Control.POSITION);
    int token = m.loadI32(m.loadI64(Header.TOKENS) + ((long) position << 2));
    if (token < 0 || token >= m.loadI32(Header.VOCAB)) {
      Tokens.end(m, Wire.BAD_MODEL);
    } else {
      long table = m.loadI64(Header.TENSORS) + Tensor.EMBEDDING * Tensor.BYTES;
      m.embed(table, token, m.loadI64(Header.HIDDEN));
      m.storeI32(Control.STAGE, Tensor.QUERY);
    }
  }

  private static void activate(Memory m) {
    int ffn = m.loadI32(Header.FFN);
    long gate = m.loadI64(Header.GATED);
    m.activate(gate, gate + ((long) ffn << 2), ffn);
    int bad = m.quantize(gate, ffn, m.loadI32(Header.LIMIT), m.loadI64(Header.GATED_INPUT));
    m.storeI32(Control.STAGE, Tensor.DOWN);
    if (bad != 0) {
      Tokens.end(m, Wire.NUMERIC);
    }
  }

  /** Goes to the stage after a product; skips those whose rows are joined to an earlier one. */
  static void next(Memory m, int stage, long layerTensors) {
    int next = stage + 1;
    if (stage == Tensor.QUERY || stage == Tensor.KEY) {
      boolean apart = m.loadI32(layerTensors + Tensor.KEY * Tensor.BYTES + Tensor.ROWS) > 0;
      next = apart ? next : ATTEND;
    } else if (stage == Tensor.VALUE) {
      next = ATTEND;
    } else if (stage == Tensor.ATTENTION_OUTPUT) {
      next = Tensor.GATE;
    } else if (stage == Tensor.GATE) {
      boolean apart = m.loadI32(layerTensors + Tensor.UP * Tensor.BYTES + Tensor.ROWS) > 0;
      next = apart ? next : ACTIVATE;
    } else if (stage == Tensor.UP) {
      next = ACTIVATE;
    } else if (stage == LOGITS) {
      m.storeI32(Control.PHASE, Guest.P_SAMPLE);
      next = EMBED;
    } else {
      next = endLayer(m);
    }
    m.storeI32(Control.STAGE, next);
  }

  private static int endLayer(Memory m) {
    int layer = m.loadI32(Control.LAYER) + 1;
    if (layer < m.loadI32(Header.LAYERS)) {
      m.storeI32(Control.LAYER, layer);
      return Tensor.QUERY;
    }
    m.storeI32(Control.LAYER, 0);
    if (m.loadI32(Control.POSITION) + 1 == m.loadI32(Control.TOKEN_COUNT)) {
      return LOGITS;
    }
    m.storeI32(Control.PHASE, Guest.P_CLEAR);
    return EMBED;
  }
}
