package opml.guest;

/**
 * The same model in double precision, with no quantized activations: what the guest must come close
 * to.
 */
final class Reference {
  private final Memory m;
  private final double ropeBase;
  private final int dim;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int ffn;
  private final double[][][] keys;
  private final double[][][] values;

  Reference(Memory m, double ropeBase) {
    this.m = m;
    this.ropeBase = ropeBase;
    this.dim = m.loadI32(Header.DIM);
    this.heads = m.loadI32(Header.HEADS);
    this.kvHeads = m.loadI32(Header.KV_HEADS);
    this.headDim = m.loadI32(Header.HEAD_DIM);
    this.ffn = m.loadI32(Header.FFN);
    int layers = m.loadI32(Header.LAYERS);
    int context = m.loadI32(Header.CONTEXT);
    this.keys = new double[layers][context][];
    this.values = new double[layers][context][];
  }

  double[] logits(int position, int token) {
    double[] x = row(entry(Tensor.EMBEDDING), token);
    for (int layer = 0; layer < keys.length; layer++) {
      long base = entry(Tensor.LAYERS + layer * Tensor.PER_LAYER);
      double[] n = norm(x, base + Tensor.ATTENTION_NORM * 64);
      double[] qkv = join(n, base, Tensor.QUERY, Tensor.KEY, Tensor.VALUE);
      bias(qkv, base);
      plus(x, times(base + Tensor.ATTENTION_OUTPUT * 64, attend(layer, position, qkv)));
      double[] g = join(norm(x, base + Tensor.FFN_NORM * 64), base, Tensor.GATE, Tensor.UP);
      double[] h = new double[ffn];
      for (int i = 0; i < ffn; i++) {
        h[i] = g[i] / (1 + Math.exp(-g[i])) * g[ffn + i];
      }
      plus(x, times(base + Tensor.DOWN * 64, h));
    }
    return times(entry(Tensor.OUTPUT), norm(x, entry(Tensor.OUTPUT_NORM)));
  }

  private double[] attend(int layer, int position, double[] qkv) {
    int kv = kvHeads * headDim;
    for (int head = 0; head < heads + kvHeads; head++) {
      for (int i = 0; i < headDim; i += 2) {
        double angle = position * Math.pow(ropeBase, -(double) i / headDim);
        int at = head * headDim + i;
        double a = qkv[at];
        double b = qkv[at + 1];
        qkv[at] = a * Math.cos(angle) - b * Math.sin(angle);
        qkv[at + 1] = a * Math.sin(angle) + b * Math.cos(angle);
      }
    }
    keys[layer][position] = part(qkv, heads * headDim, kv);
    values[layer][position] = part(qkv, heads * headDim + kv, kv);
    double[] out = new double[heads * headDim];
    for (int head = 0; head < heads; head++) {
      int shared = head / (heads / kvHeads) * headDim;
      double[] p = new double[position + 1];
      double sum = 0;
      for (int j = 0; j <= position; j++) {
        double score = 0;
        for (int d = 0; d < headDim; d++) {
          score += qkv[head * headDim + d] * keys[layer][j][shared + d];
        }
        p[j] = Math.exp(score / Math.sqrt(headDim));
        sum += p[j];
      }
      for (int j = 0; j <= position; j++) {
        for (int d = 0; d < headDim; d++) {
          out[head * headDim + d] += p[j] / sum * values[layer][j][shared + d];
        }
      }
    }
    return out;
  }

  private long entry(int index) {
    return m.loadI64(Header.TENSORS) + (long) index * Tensor.BYTES;
  }

  private double[] join(double[] x, long base, int... tensors) {
    double[] all = new double[0];
    for (int t : tensors) {
      double[] y = times(base + t * 64L, x);
      double[] longer = java.util.Arrays.copyOf(all, all.length + y.length);
      System.arraycopy(y, 0, longer, all.length, y.length);
      all = longer;
    }
    return all;
  }

  private void bias(double[] qkv, long base) {
    int at = 0;
    for (int t = Tensor.QUERY; t <= Tensor.VALUE; t++) {
      long bias = m.loadI64(base + t * 64L + Tensor.BIAS);
      for (int i = 0; i < m.loadI32(base + t * 64L + Tensor.ROWS); i++, at++) {
        qkv[at] += bias == 0 ? 0 : m.loadF32(bias + 4L * i);
      }
    }
  }

  private static double[] part(double[] x, int from, int n) {
    return java.util.Arrays.copyOfRange(x, from, from + n);
  }

  private static void plus(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  private double[] norm(double[] x, long tensor) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    double r = 1 / Math.sqrt(sum / dim + m.loadF32(Header.EPSILON));
    double[] out = new double[dim];
    for (int i = 0; i < dim; i++) {
      out[i] = x[i] * r * m.loadF32(m.loadI64(tensor + Tensor.PLANES) + 4L * i);
    }
    return out;
  }

  private double[] times(long tensor, double[] x) {
    double[] out = new double[m.loadI32(tensor + Tensor.ROWS)];
    for (int i = 0; i < out.length; i++) {
      double[] row = row(tensor, i);
      for (int k = 0; k < x.length; k++) {
        out[i] += row[k] * x[k];
      }
    }
    return out;
  }

  /** One row of a matrix, from the planes as Tensor describes them. */
  private double[] row(long tensor, int row) {
    int type = m.loadI32(tensor + Tensor.TYPE);
    int columns = m.loadI32(tensor + Tensor.COLUMNS);
    long planes = tensor + Tensor.PLANES;
    double[] out = new double[columns];
    for (int k = 0; k < columns; k++) {
      long block = ((long) row * columns + k) / 32;
      int i = k % 32;
      long quants = m.loadI64(planes);
      boolean bytes =
          type == Tensor.Q8_0 || type == Tensor.Q5_1 || type == Tensor.Q5_K || type == Tensor.Q6_K;
      int q =
          bytes
              ? m.loadI8(quants + 32 * block + i)
              : m.loadU8(quants + 16 * block + i % 16) >> (i < 16 ? 0 : 4) & 15;
      if (Tensor.isSuper(type)) {
        out[k] = value(type, planes, block, i / 16, q);
        continue;
      }
      double d = m.loadF16(m.loadI64(planes + 8) + 2 * block);
      boolean offset = type == Tensor.Q4_1 || type == Tensor.Q5_1;
      double min = offset ? m.loadF16(m.loadI64(planes + 16) + 2 * block) : 0;
      out[k] = (type == Tensor.Q4_0 ? q - 8 : q) * d + min;
    }
    return out;
  }

  private double value(int type, long planes, long block, int half, int q) {
    long c = m.loadI64(planes + 8) + 16 * (block / 8) + block % 8;
    long factors = m.loadI64(planes + 16);
    if (type == Tensor.Q6_K || type == Tensor.Q3_K) {
      double d = m.loadF16(factors + 2 * (block / 8));
      return d * m.loadI8(c + 8 * half) * (type == Tensor.Q3_K ? q - 4 : q);
    }
    double d = m.loadF16(factors + 4 * (block / 8));
    double min = m.loadF16(factors + 4 * (block / 8) + 2);
    if (type == Tensor.Q2_K) {
      int pair = m.loadU8(c + 8 * half);
      return d * (pair % 16) * q - min * (pair / 16);
    }
    return d * m.loadU8(c) * q - min * m.loadU8(c + 8);
  }
}
