package opml.guest;

/**
 * The plain kernels: what the VM runs and what every faster twin must equal, bit for bit and in
 * what it writes. Contracts are on the methods of {@link Memory} with the same names.
 */
final class Kernels {
  private Kernels() {}

  static int quantize(Memory m, long x, int n, int limit, long out) {
    int blocks = n >> 5;
    long scale = Quantized.scales(out, blocks);
    long sum = Quantized.sums(out, blocks);
    int bad = 0;
    for (int b = 0; b < blocks; b++) {
      Bounds.loop(Header.MAX_INNER / 32);
      bad |= Quantize.block(m, x, limit, out, scale, sum);
      x += 128;
      out += 64;
      scale += 4;
      sum += 4;
    }
    return bad;
  }

  static int quantizeHead(Memory m, long x, int n, int limit, long out, long scale) {
    return Quantize.head(m, x, n, limit, out, scale);
  }

  static int quantizeQuery(Memory m, long x, int n, int limit, long out, long scale) {
    return Quantize.query(m, x, n, limit, out, scale);
  }

  static void matrix(Memory m, long tensor, int first, int rows, long x, long out) {
    int type = m.loadI32(tensor + Tensor.TYPE);
    int blocks = m.loadI32(tensor + Tensor.COLUMNS) >> 5;
    long skipped = (long) first * blocks;
    long y = out + ((long) first << 2);
    long w = m.loadI64(tensor + Tensor.PLANES);
    long second = m.loadI64(tensor + Tensor.PLANES + 8) + (skipped << 1);
    long third = m.loadI64(tensor + Tensor.PLANES + 16);
    if (Tensor.isSuper(type)) {
      superRows(m, type, w, second, third, skipped, blocks, rows, x, y);
      return;
    }
    third += skipped << 1;
    if (type == Tensor.Q8_0) {
      Rows.product(m, Tensor.Q8_0, 32, w + (skipped << 5), second, third, blocks, rows, x, y);
    } else if (type == Tensor.Q4_0) {
      Rows.product(m, Tensor.Q4_0, 16, w + (skipped << 4), second, third, blocks, rows, x, y);
    } else if (type == Tensor.Q4_1) {
      Rows.product(m, Tensor.Q4_1, 16, w + (skipped << 4), second, third, blocks, rows, x, y);
    } else {
      Rows.product(m, Tensor.Q5_1, 32, w + (skipped << 5), second, third, blocks, rows, x, y);
    }
  }

  private static void superRows(
      Memory m,
      int type,
      long w,
      long c,
      long factors,
      long skipped,
      int blocks,
      int rows,
      long x,
      long y) {
    long nibbles = w + (skipped << 4);
    long bytes = w + (skipped << 5);
    long d = factors + (skipped >> 3 << 1);
    long pair = factors + (skipped >> 3 << 2);
    if (type == Tensor.Q4_K) {
      SuperRows.product(m, Tensor.Q4_K, 16, nibbles, c, pair, blocks, rows, x, y);
    } else if (type == Tensor.Q6_K) {
      SuperRows.product(m, Tensor.Q6_K, 32, bytes, c, d, blocks, rows, x, y);
    } else if (type == Tensor.Q5_K) {
      SuperRows.product(m, Tensor.Q5_K, 32, bytes, c, pair, blocks, rows, x, y);
    } else if (type == Tensor.Q3_K) {
      SuperRows.product(m, Tensor.Q3_K, 16, nibbles, c, d, blocks, rows, x, y);
    } else {
      SuperRows.product(m, Tensor.Q2_K, 16, nibbles, c, pair, blocks, rows, x, y);
    }
  }

  static void embed(Memory m, long tensor, int row, long out) {
    if (Tensor.isSuper(m.loadI32(tensor + Tensor.TYPE))) {
      SuperEmbedding.row(m, tensor, row, out);
    } else {
      Embedding.row(m, tensor, row, out);
    }
  }

  static void normalize(Memory m, long x, long weight, long out) {
    int n = m.loadI32(Header.DIM);
    float sum = Norm.squares(m, x, n);
    float r = 1f / Floats.sqrt(sum / (float) n + m.loadF32(Header.EPSILON));
    for (int i = 0; i < n; i++) {
      Bounds.loop(Header.MAX_DIM);
      m.storeF32(out, m.loadF32(x) * r * m.loadF32(weight));
      x += 4;
      weight += 4;
      out += 4;
    }
  }

  static void rotate(Memory m, long x, int heads, int headDim, long table) {
    long t = table;
    long end = table + ((long) headDim << 2);
    for (int pair = heads * (headDim >> 1); pair > 0; pair--) {
      // q and k: up to twice MAX_INNER dimensions
      Bounds.loop(Header.MAX_INNER);
      float a = m.loadF32(x);
      float b = m.loadF32(x + 4);
      float cos = m.loadF32(t);
      float sin = m.loadF32(t + 4);
      m.storeF32(x, a * cos - b * sin);
      m.storeF32(x + 4, a * sin + b * cos);
      x += 8;
      t += 8;
      t = t == end ? table : t;
    }
  }

  static void attend(Memory m, int layer, int first, int dims, int positions) {
    Attention.heads(m, layer, first, dims, positions);
  }

  static void activate(Memory m, long gate, long up, int n) {
    for (int i = 0; i < n; i++) {
      Bounds.loop(Header.MAX_INNER);
      float g = m.loadF32(gate);
      m.storeF32(gate, g / (1f + Floats.exp(Floats.negate(g))) * m.loadF32(up));
      gate += 4;
      up += 4;
    }
  }

  static void add(Memory m, long x, long y, int n) {
    for (int i = 0; i < n; i++) {
      // the biases of q, k and v together
      Bounds.loop(Header.MAX_PROJECTED);
      m.storeF32(x, m.loadF32(x) + m.loadF32(y));
      x += 4;
      y += 4;
    }
  }

  static int argmax(Memory m, long x, int n) {
    int best = 0;
    float top = Floats.fromBits(0xff800000);
    for (int i = 0; i < n; i++) {
      Bounds.loop(Header.MAX_VOCAB);
      float value = m.loadF32(x);
      if (value > top) {
        top = value;
        best = i;
      }
      x += 4;
    }
    return best;
  }

  static void clear(Memory m, long address, int n) {
    for (int left = n >> 6; left > 0; left--) {
      Bounds.loop(Header.MAX_ACTIVATION_BYTES / 64);
      m.storeI64(address, 0L);
      m.storeI64(address + 8, 0L);
      m.storeI64(address + 16, 0L);
      m.storeI64(address + 24, 0L);
      m.storeI64(address + 32, 0L);
      m.storeI64(address + 40, 0L);
      m.storeI64(address + 48, 0L);
      m.storeI64(address + 56, 0L);
      address += 64;
    }
  }
}
