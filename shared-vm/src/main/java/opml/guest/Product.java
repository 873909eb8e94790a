package opml.guest;

/** One row block of a matrix product, with what comes before its first row and after its last. */
final class Product {
  private Product() {}

  static void operator(Memory m, int stage) {
    long tensors = m.loadI64(Header.TENSORS);
    int layer = m.loadI32(Control.LAYER);
    long layerTensors = tensors + (long) (Tensor.LAYERS + layer * Tensor.PER_LAYER) * Tensor.BYTES;
    long tensor =
        stage == Forward.LOGITS
            ? tensors + Tensor.OUTPUT * Tensor.BYTES
            : layerTensors + (long) stage * Tensor.BYTES;
    int first = m.loadI32(Control.CURSOR);
    long x = input(m, stage);
    if (first == 0 && before(m, stage, tensors, layerTensors, x) != 0) {
      Tokens.end(m, Wire.NUMERIC);
      return;
    }
    int rows = m.loadI32(tensor + Tensor.ROWS);
    int groups = ((m.loadI32(tensor + Tensor.COLUMNS) >> 5) + 7) >> 3;
    int count = Ints.min(rows - first, Ints.divide(Header.MAX_GROUPS, groups));
    long out = output(m, stage);
    m.matrix(tensor, first, count, x, out);
    if (first + count < rows) {
      m.storeI32(Control.CURSOR, first + count);
    } else {
      m.storeI32(Control.CURSOR, 0);
      long bias = stage <= Tensor.VALUE ? m.loadI64(tensor + Tensor.BIAS) : 0L;
      if (bias != 0L) {
        m.add(out, bias, rows);
      } else if (stage == Tensor.ATTENTION_OUTPUT || stage == Tensor.DOWN) {
        m.add(m.loadI64(Header.HIDDEN), m.loadI64(Header.DELTA), m.loadI32(Header.DIM));
      }
      Forward.next(m, stage, layerTensors);
    }
  }

  private static long input(Memory m, int stage) {
    if (stage == Tensor.ATTENTION_OUTPUT) {
      return m.loadI64(Header.MIXED_INPUT);
    }
    return m.loadI64(stage == Tensor.DOWN ? Header.GATED_INPUT : Header.INPUT);
  }

  private static long output(Memory m, int stage) {
    int headDim = m.loadI32(Header.HEAD_DIM);
    if (stage == Forward.LOGITS) {
      return m.loadI64(Header.LOGITS);
    }
    if (stage == Tensor.ATTENTION_OUTPUT || stage == Tensor.DOWN) {
      return m.loadI64(Header.DELTA);
    }
    if (stage == Tensor.GATE) {
      return m.loadI64(Header.GATED);
    }
    if (stage == Tensor.UP) {
      return m.loadI64(Header.GATED) + ((long) m.loadI32(Header.FFN) << 2);
    }
    int before = stage == Tensor.QUERY ? 0 : m.loadI32(Header.HEADS);
    before += stage == Tensor.VALUE ? m.loadI32(Header.KV_HEADS) : 0;
    return m.loadI64(Header.PROJECTED) + ((long) (before * headDim) << 2);
  }

  /** Makes the quantized input of the first product that reads it; 1 when it is not finite. */
  private static int before(Memory m, int stage, long tensors, long layerTensors, long x) {
    int limit = m.loadI32(Header.LIMIT);
    if (stage == Tensor.ATTENTION_OUTPUT) {
      int inner = m.loadI32(Header.HEADS) * m.loadI32(Header.HEAD_DIM);
      return m.quantize(m.loadI64(Header.MIXED), inner, limit, x);
    }
    long norm = 0L;
    if (stage == Tensor.QUERY) {
      norm = layerTensors + Tensor.ATTENTION_NORM * Tensor.BYTES;
    } else if (stage == Tensor.GATE) {
      norm = layerTensors + Tensor.FFN_NORM * Tensor.BYTES;
    } else if (stage == Forward.LOGITS) {
      norm = tensors + Tensor.OUTPUT_NORM * Tensor.BYTES;
    } else {
      return 0;
    }
    long normed = m.loadI64(Header.NORMED);
    m.normalize(m.loadI64(Header.HIDDEN), m.loadI64(norm + Tensor.PLANES), normed);
    return m.quantize(normed, m.loadI32(Header.DIM), limit, x);
  }
}
