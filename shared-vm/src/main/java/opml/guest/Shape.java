package opml.guest;

import java.util.Arrays;

/**
 * What the importer knows of a model: the numbers of the header.
 *
 * @param dim residual width
 * @param layers number of layers
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param headDim dimensions of a head
 * @param ffn feed-forward width
 * @param vocab number of tokens
 * @param context positions
 * @param epsilon of the norms
 * @param ropeBase frequency base
 * @param limit largest activation magnitude, 16383 or 1023
 */
public record Shape(
    int dim,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int ffn,
    int vocab,
    int context,
    float epsilon,
    double ropeBase,
    int limit) {
  /** Numbers the guest takes. Limit 16383 is the exact form, 1023 the fast one. */
  public Shape {
    check(
        dim > 0 && dim % 32 == 0 && dim <= Header.MAX_DIM,
        "dim",
        dim,
        "a multiple of 32 up to 8192");
    check(layers > 0 && layers <= Header.MAX_LAYERS, "layers", layers, "1 to 256");
    check(heads > 0 && heads <= Header.MAX_HEADS, "heads", heads, "1 to 256");
    check(kvHeads > 0 && heads % kvHeads == 0, "kvHeads", kvHeads, "a divisor of heads");
    check(
        headDim > 0 && headDim % 32 == 0 && headDim <= Header.MAX_HEAD_DIM,
        "headDim",
        headDim,
        "a multiple of 32 up to 256");
    check(heads * headDim <= Header.MAX_INNER, "heads * headDim", heads * headDim, "at most 32768");
    int projected = (heads + 2 * kvHeads) * headDim;
    check(
        projected <= Header.MAX_PROJECTED,
        "rows of q, k and v together",
        projected,
        "at most 49152");
    check(
        ffn > 0 && ffn % 32 == 0 && ffn <= Header.MAX_INNER,
        "ffn",
        ffn,
        "a multiple of 32 up to 32768");
    check(vocab > 0 && vocab <= Header.MAX_VOCAB, "vocab", vocab, "1 to 262144");
    check(context > 1 && context <= Header.MAX_CONTEXT, "context", context, "2 to 8192");
    check(limit > 0 && limit <= 16383, "limit", limit, "1 to 16383");
  }

  private static void check(boolean good, String field, int value, String range) {
    if (!good) {
      throw new IllegalArgumentException(
          field + " is " + value + "; this guest takes " + range + ": choose another model");
    }
  }

  /** Rows of the joined q, k, v matrix. */
  public int projected() {
    return (heads + 2 * kvHeads) * headDim;
  }

  /** Largest magnitude of K and q so that a dot product fits 31 bits. */
  public int headLimit() {
    return Math.min(4095, (int) Math.sqrt((double) Integer.MAX_VALUE / headDim));
  }

  /** RoPE table without scaling. */
  public float[] rope() {
    double[] ones = new double[headDim / 2];
    Arrays.fill(ones, 1.0);
    return rope(ones);
  }

  /**
   * RoPE table, {@code context * headDim} floats: (cos, sin) per position and pair, from doubles
   * rounded once.
   *
   * @param factors by pair: what its frequency is divided by
   */
  public float[] rope(double[] factors) {
    float[] table = new float[context * headDim];
    for (int pair = 0; pair < headDim / 2; pair++) {
      double frequency = StrictMath.pow(ropeBase, -2.0 * pair / headDim) / factors[pair];
      for (int position = 0; position < context; position++) {
        int at = position * headDim + 2 * pair;
        table[at] = (float) StrictMath.cos(position * frequency);
        table[at + 1] = (float) StrictMath.sin(position * frequency);
      }
    }
    return table;
  }
}
