package opml.inference;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import opml.guest.Header;
import opml.guest.Tensor;

/**
 * The forward pass in plain floats on the same weights, activations never quantized: what the
 * precision gate compares the guest with. Independent of the guest's kernels.
 */
final class FloatReference {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  private final MemorySegment w;
  private final int dim;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int ffn;
  private final int vocab;
  private final float epsilon;

  FloatReference(MemorySegment weights) {
    w = weights;
    dim = ModelTables.i32(w, Header.DIM);
    layers = ModelTables.i32(w, Header.LAYERS);
    heads = ModelTables.i32(w, Header.HEADS);
    kvHeads = ModelTables.i32(w, Header.KV_HEADS);
    headDim = ModelTables.i32(w, Header.HEAD_DIM);
    ffn = ModelTables.i32(w, Header.FFN);
    vocab = ModelTables.i32(w, Header.VOCAB);
    epsilon = ModelTables.f32(w, Header.EPSILON);
  }

  /** Logits after each of the tokens, from an empty context. */
  float[][] logits(int[] tokens) {
    int n = tokens.length;
    float[][] x = new float[n][dim];
    for (int t = 0; t < n; t++) {
      row(tensor(Tensor.EMBEDDING), tokens[t], x[t]);
    }
    for (int l = 0; l < layers; l++) {
      int at = Tensor.LAYERS + l * Tensor.PER_LAYER;
      attention(x, at);
      feedForward(x, at);
    }
    return product(tensor(Tensor.OUTPUT), 0, vocab, norm(x, tensor(Tensor.OUTPUT_NORM)));
  }

  private void attention(float[][] x, int at) {
    float[][] in = norm(x, tensor(at + Tensor.ATTENTION_NORM));
    int inner = heads * headDim;
    int kv = kvHeads * headDim;
    long query = tensor(at + Tensor.QUERY);
    boolean joined = ModelTables.i32(w, query + Tensor.ROWS) == inner + 2 * kv;
    long key = joined ? query : tensor(at + Tensor.KEY);
    long value = joined ? query : tensor(at + Tensor.VALUE);
    float[][] q = product(query, 0, inner, in);
    float[][] k = product(key, joined ? inner : 0, kv, in);
    float[][] v = product(value, joined ? inner + kv : 0, kv, in);
    bias(q, query, 0);
    bias(k, key, joined ? inner : 0);
    bias(v, value, joined ? inner + kv : 0);
    float[][] mixed = new float[x.length][inner];
    long table = ModelTables.i64(w, Header.ROPE);
    for (int t = 0; t < x.length; t++) {
      rotate(q[t], table + 4L * t * headDim);
      rotate(k[t], table + 4L * t * headDim);
    }
    IntStream.range(0, x.length)
        .parallel()
        .forEach(
            t -> {
              for (int h = 0; h < heads; h++) {
                head(q[t], k, v, t, h, mixed[t]);
              }
            });
    add(x, product(tensor(at + Tensor.ATTENTION_OUTPUT), 0, dim, mixed));
  }

  private void bias(float[][] y, long tensor, int first) {
    long bias = ModelTables.i64(w, tensor + Tensor.BIAS);
    for (int i = 0; bias != 0 && i < y[0].length; i++) {
      float value = ModelTables.f32(w, bias + 4L * (first + i));
      for (float[] row : y) {
        row[i] += value;
      }
    }
  }

  private void head(float[] q, float[][] k, float[][] v, int t, int h, float[] out) {
    int own = h * headDim;
    int shared = h / (heads / kvHeads) * headDim;
    double[] p = new double[t + 1];
    double top = Double.NEGATIVE_INFINITY;
    for (int j = 0; j <= t; j++) {
      double s = 0;
      for (int d = 0; d < headDim; d++) {
        s += (double) q[own + d] * k[j][shared + d];
      }
      p[j] = s / Math.sqrt(headDim);
      top = Math.max(top, p[j]);
    }
    double sum = 0;
    for (int j = 0; j <= t; j++) {
      p[j] = Math.exp(p[j] - top);
      sum += p[j];
    }
    for (int j = 0; j <= t; j++) {
      float f = (float) (p[j] / sum);
      for (int d = 0; d < headDim; d++) {
        out[own + d] += f * v[j][shared + d];
      }
    }
  }

  private void rotate(float[] x, long table) {
    for (int i = 0; i < x.length; i += 2) {
      long pair = table + 4L * (i % headDim);
      float cos = ModelTables.f32(w, pair);
      float sin = ModelTables.f32(w, pair + 4);
      float a = x[i];
      float b = x[i + 1];
      x[i] = a * cos - b * sin;
      x[i + 1] = a * sin + b * cos;
    }
  }

  private void feedForward(float[][] x, int at) {
    float[][] in = norm(x, tensor(at + Tensor.FFN_NORM));
    long gate = tensor(at + Tensor.GATE);
    boolean joined = ModelTables.i32(w, gate + Tensor.ROWS) == 2 * ffn;
    float[][] g = product(gate, 0, ffn, in);
    float[][] u = product(joined ? gate : tensor(at + Tensor.UP), joined ? ffn : 0, ffn, in);
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < ffn; i++) {
        g[t][i] = (float) (g[t][i] / (1 + Math.exp(-g[t][i])) * u[t][i]);
      }
    }
    add(x, product(tensor(at + Tensor.DOWN), 0, dim, g));
  }

  private static void add(float[][] x, float[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  private float[][] norm(float[][] x, long tensor) {
    long weight = ModelTables.i64(w, tensor + Tensor.PLANES);
    float[][] out = new float[x.length][dim];
    for (int t = 0; t < x.length; t++) {
      double sum = 0;
      for (float a : x[t]) {
        sum += (double) a * a;
      }
      float r = (float) (1 / Math.sqrt(sum / dim + epsilon));
      for (int i = 0; i < dim; i++) {
        out[t][i] = x[t][i] * r * ModelTables.f32(w, weight + 4L * i);
      }
    }
    return out;
  }

  /** Rows first .. first + rows of a matrix times each vector. */
  private float[][] product(long tensor, int first, int rows, float[][] x) {
    int columns = ModelTables.i32(w, tensor + Tensor.COLUMNS);
    float[][] out = new float[x.length][rows];
    IntStream.range(0, rows)
        .parallel()
        .forEach(
            r -> {
              float[] row = new float[columns];
              row(tensor, first + r, row);
              for (int t = 0; t < x.length; t++) {
                out[t][r] = dot(row, x[t]);
              }
            });
    return out;
  }

  private static float dot(float[] a, float[] b) {
    FloatVector sum = FloatVector.zero(F);
    int i = 0;
    for (; i <= a.length - F.length(); i += F.length()) {
      sum = FloatVector.fromArray(F, a, i).fma(FloatVector.fromArray(F, b, i), sum);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; i < a.length; i++) {
      total += a[i] * b[i];
    }
    return total;
  }

  private long tensor(int index) {
    return ModelTables.i64(w, Header.TENSORS) + (long) index * Tensor.BYTES;
  }

  /** One row of a matrix as floats. */
  private void row(long tensor, int row, float[] out) {
    WeightRow.read(w, tensor, row, out);
  }
}
