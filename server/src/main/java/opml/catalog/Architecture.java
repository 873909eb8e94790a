package opml.catalog;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import opml.guest.Header;
import opml.guest.Shape;

/**
 * A model family: which metadata it has and what is special in its tensors. All are computed by one
 * guest image.
 */
final class Architecture {
  /** Frequency factors of Llama 3.1 and later: a float for each pair of a head. */
  static final String FACTORS = "rope_freqs.weight";

  private static final double LEAST_FACTOR = 1e-9; // angles stay finite

  private static final List<String> KNOWN = List.of("llama", "qwen2");

  /** What the file calls the numbers of a shape. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "dim", "embedding_length",
          "layers", "block_count",
          "heads", "attention.head_count",
          "kvHeads", "attention.head_count_kv",
          "headDim", "attention.key_length",
          "ffn", "feed_forward_length",
          "context", "context_length");

  private final Gguf gguf;
  private final String name;

  private Architecture(Gguf gguf, String name) {
    this.gguf = gguf;
    this.name = name;
  }

  static Architecture of(Gguf gguf) {
    String name = gguf.text("general.architecture", "missing");
    if (!KNOWN.contains(name)) {
      throw new GgufException(
          "general.architecture is "
              + name
              + "; supported are "
              + String.join(", ", KNOWN)
              + " and "
              + PerceptronImporter.ARCHITECTURE);
    }
    return new Architecture(gguf, name);
  }

  /**
   * Whether rotation pairs value i of a head with i + headDim / 2; the importer reorders the rows
   * of q and k so that the guest finds pairs side by side, which changes no score.
   */
  boolean halves() {
    return name.equals("qwen2");
  }

  private String key(String field) {
    return name + "." + field;
  }

  Shape shape(int limit) {
    int dim = gguf.required(key("embedding_length"));
    int heads = gguf.required(key("attention.head_count"));
    if (heads == 0) {
      throw new GgufException(key("attention.head_count") + " is 0");
    }
    int headDim = gguf.whole(key("attention.key_length"), dim / heads);
    same(key("rope.dimension_count"), headDim);
    same(key("attention.value_length"), headDim);
    long window = gguf.number(key("attention.sliding_window"), Header.MAX_CONTEXT);
    int context = Math.min(gguf.required(key("context_length")), Header.MAX_CONTEXT);
    try {
      return shape(
          dim, heads, headDim, window > 0 ? (int) Math.min(context, window) : context, limit);
    } catch (IllegalArgumentException e) {
      throw new GgufException(fields(e.getMessage()));
    }
  }

  /** A message about a shape in the words of the file. */
  private String fields(String message) {
    String field = message.split(" ", 2)[0];
    String named = FIELDS.get(field);
    return named == null ? message : key(named) + message.substring(field.length());
  }

  private Shape shape(int dim, int heads, int headDim, int context, int limit) {
    return new Shape(
        dim,
        gguf.required(key("block_count")),
        heads,
        gguf.whole(key("attention.head_count_kv"), heads),
        headDim,
        gguf.required(key("feed_forward_length")),
        Math.toIntExact(gguf.tensor("token_embd.weight").rows()),
        context,
        (float) between(key("attention.layer_norm_rms_epsilon"), 1e-5f, 1e-30, 1),
        between(key("rope.freq_base"), 10000, 1, 1e12),
        limit);
  }

  private double between(String key, double otherwise, double least, double most) {
    double value = gguf.real(key, otherwise);
    if (!(value >= least && value <= most)) {
      throw new GgufException(
          "metadata " + key + " is " + value + "; " + least + " to " + most + " is allowed");
    }
    return value;
  }

  private void same(String key, int headDim) {
    if (gguf.number(key, headDim) != headDim) {
      throw new GgufException(
          key + " differs from the head dimension " + headDim + ", which is not supported");
    }
  }

  /** The table of rotations: plain, linear scaling, or frequencies divided by factors. */
  float[] rope(Shape shape) {
    String scaling = gguf.text(key("rope.scaling.type"), "none");
    double positions = 1;
    if (scaling.equals("linear")) {
      positions = gguf.real(key("rope.scaling.factor"), 1);
    } else if (!scaling.equals("none")) {
      throw new GgufException(
          key("rope.scaling.type")
              + " is "
              + scaling
              + "; supported are none, linear and the factors of "
              + FACTORS);
    }
    double[] factors = new double[shape.headDim() / 2];
    java.util.Arrays.fill(factors, positions);
    Gguf.Entry given = gguf.tensors().get(FACTORS);
    if (given != null) {
      if (given.type() != TensorType.F32 || given.columns() * given.rows() != factors.length) {
        throw new GgufException(given.where() + " must hold " + factors.length + " values of F32");
      }
      for (int i = 0; i < factors.length; i++) {
        factors[i] *= given.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
      }
    }
    for (double factor : factors) {
      if (!(factor > LEAST_FACTOR && factor < 1 / LEAST_FACTOR)) {
        throw new GgufException(
            "a factor of the rotation ("
                + key("rope.scaling.factor")
                + ", "
                + FACTORS
                + ") is "
                + factor
                + "; 1e-9 to 1e9 is allowed");
      }
    }
    return shape.rope(factors);
  }

  @Override
  public String toString() {
    return name;
  }
}
