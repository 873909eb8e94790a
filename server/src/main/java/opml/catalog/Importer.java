package opml.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import opml.catalog.ImageWriter.Part;
import opml.guest.Layout;
import opml.guest.Sampler;
import opml.guest.Shape;
import opml.guest.TokenizerState;
import opml.tokenizer.TokenizerSection;
import opml.tokenizer.Vocabulary;

/**
 * GGUF to model image: checks everything before it writes anything. Same file, same bytes, on every
 * machine.
 */
final class Importer {
  private static final List<String> LAYER_TENSORS =
      List.of(
          "attn_norm.weight",
          "attn_q.weight",
          "attn_q.bias",
          "attn_k.weight",
          "attn_k.bias",
          "attn_v.weight",
          "attn_v.bias",
          "attn_output.weight",
          "ffn_norm.weight",
          "ffn_gate.weight",
          "ffn_up.weight",
          "ffn_down.weight");
  private static final Set<String> END_OF_TURN =
      Set.of("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>");

  private static final int MAX_STOPS = 8; // that the header holds

  private final Gguf gguf;
  private final Architecture architecture;

  Importer(Gguf gguf) {
    this.gguf = gguf;
    this.architecture = Architecture.of(gguf);
  }

  Layout layout(Shape shape) {
    return new Layout(shape, TokenizerState.BYTES, Sampler.BYTES);
  }

  String architecture() {
    return architecture.toString();
  }

  /**
   * Writes the content of WEIGHTS and its nodes, or what an import that was killed left to be done.
   */
  ImageWriter.Written write(
      Path weights,
      Path nodes,
      Journal journal,
      Shape shape,
      SourceDigest source,
      Progress progress)
      throws IOException {
    Vocabulary vocabulary = vocabulary();
    if (vocabulary.tokens().size() != shape.vocab()) {
      throw new GgufException(
          "the tokenizer has "
              + vocabulary.tokens().size()
              + " tokens, the embedding "
              + shape.vocab()
              + " rows");
    }
    float[] rope = architecture.rope(shape);
    ImageWriter writer = new ImageWriter(shape, rope, section(vocabulary));
    writer.add(part("token_embd.weight", shape.vocab(), shape.dim()));
    if (gguf.tensors().containsKey("output.weight")) {
      writer.add(part("output.weight", shape.vocab(), shape.dim()));
    } else {
      writer.repeatFirst();
    }
    writer.addNorm(floats("output_norm.weight", shape.dim()));
    for (int i = 0; i < shape.layers(); i++) {
      layer(writer, shape, "blk." + i + ".");
    }
    refuseOthers(shape);
    return writer.write(
        weights, nodes, journal, layout(shape), stops(vocabulary), source, progress);
  }

  private static byte[] section(Vocabulary vocabulary) {
    try {
      return TokenizerSection.build(vocabulary);
    } catch (IllegalArgumentException e) {
      throw new GgufException(e.getMessage());
    }
  }

  private void layer(ImageWriter writer, Shape s, String prefix) {
    int inner = s.heads() * s.headDim();
    int kv = s.kvHeads() * s.headDim();
    int head = architecture.halves() ? s.headDim() : 0;
    writer.addNorm(floats(prefix + "attn_norm.weight", s.dim()));
    join(
        writer,
        projection(prefix + "attn_q", inner, s.dim(), head),
        projection(prefix + "attn_k", kv, s.dim(), head),
        projection(prefix + "attn_v", kv, s.dim(), 0));
    writer.add(part(prefix + "attn_output.weight", s.dim(), inner));
    writer.addNorm(floats(prefix + "ffn_norm.weight", s.dim()));
    join(
        writer,
        part(prefix + "ffn_gate.weight", s.ffn(), s.dim()),
        part(prefix + "ffn_up.weight", s.ffn(), s.dim()));
    writer.add(part(prefix + "ffn_down.weight", s.dim(), s.ffn()));
  }

  private static void join(ImageWriter writer, Part... parts) {
    boolean alike =
        Stream.of(parts).map(p -> p.matrix().type()).distinct().count() == 1
            && Stream.of(parts).map(p -> p.bias() == null).distinct().count() == 1;
    if (alike) {
      writer.add(parts);
      for (int i = 1; i < parts.length; i++) {
        writer.addJoined(parts[i].matrix());
      }
    } else {
      for (Part part : parts) {
        writer.add(part);
      }
    }
  }

  private Part part(String name, int rows, int columns) {
    return new Part(matrix(name, rows, columns));
  }

  private Part projection(String name, int rows, int columns, int head) {
    boolean biased = gguf.tensors().containsKey(name + ".bias");
    return new Part(
        matrix(name + ".weight", rows, columns),
        biased ? floats(name + ".bias", rows) : null,
        head);
  }

  private Gguf.Entry matrix(String name, int rows, int columns) {
    Gguf.Entry e = gguf.tensor(name);
    if (e.rows() != rows || e.columns() != columns) {
      throw new GgufException(
          "tensor "
              + name
              + " is "
              + e.rows()
              + " x "
              + e.columns()
              + ", the metadata asks for "
              + rows
              + " x "
              + columns);
    }
    if (e.type().isFloat() && columns % 32 != 0) {
      throw new GgufException(
          e.where() + " has rows of " + columns + " values; multiples of 32 are supported");
    }
    return e;
  }

  /** A norm or a bias. */
  private Gguf.Entry floats(String name, int columns) {
    Gguf.Entry e = gguf.tensor(name);
    if (e.type() != TensorType.F32 || e.rows() != 1 || e.columns() != columns) {
      throw new GgufException(
          e.where()
              + " is "
              + e.rows()
              + " x "
              + e.columns()
              + "; norms and biases are one row of F32, here of "
              + columns);
    }
    return e;
  }

  /** A tensor the guest does not use would silently change the model: refuse it. */
  private void refuseOthers(Shape s) {
    Set<String> known =
        new LinkedHashSet<>(
            List.of(
                "token_embd.weight", "output.weight", "output_norm.weight", Architecture.FACTORS));
    for (int i = 0; i < s.layers(); i++) {
      for (String t : LAYER_TENSORS) {
        known.add("blk." + i + "." + t);
      }
    }
    for (String name : gguf.tensors().keySet()) {
      if (!known.contains(name)) {
        throw new GgufException(
            gguf.tensor(name).where()
                + " is not part of the architecture "
                + architecture
                + " as this guest computes it; supported in a layer are "
                + String.join(", ", LAYER_TENSORS));
      }
    }
  }

  Shape shape(ActivationForm form) {
    return architecture.shape(form.limit());
  }

  private Vocabulary vocabulary() {
    List<String> tokens = gguf.list("tokenizer.ggml.tokens", String.class);
    if (tokens == null) {
      throw new GgufException("metadata tokenizer.ggml.tokens is missing");
    }
    List<Long> types = gguf.list("tokenizer.ggml.token_type", Long.class);
    List<String> merges = gguf.list("tokenizer.ggml.merges", String.class);
    List<Double> scores = gguf.list("tokenizer.ggml.scores", Double.class);
    String model = gguf.text("tokenizer.ggml.model", "missing");
    String pre = gguf.text("tokenizer.ggml.pre", "missing");
    // defaults as in llama.cpp
    boolean bos = model.equals("llama") || pre.equals("llama-bpe");
    return new Vocabulary(
        model,
        pre,
        tokens,
        types == null ? null : types.stream().mapToInt(Importer::type).toArray(),
        merges == null ? List.of() : merges,
        scores == null ? null : floats(scores),
        token("tokenizer.ggml.bos_token_id"),
        token("tokenizer.ggml.eos_token_id"),
        gguf.flag("tokenizer.ggml.add_bos_token", bos),
        gguf.flag("tokenizer.ggml.add_space_prefix", true),
        gguf.text("tokenizer.chat_template", null));
  }

  private static int type(long type) {
    if (type < 0 || type > Byte.MAX_VALUE) {
      throw new GgufException("metadata tokenizer.ggml.token_type holds " + type + ", no type");
    }
    return (int) type;
  }

  /** A token's number; -1, also as a u32, and absence are none. */
  private int token(String key) {
    long id = gguf.number(key, -1);
    if (id == 0xffffffffL) {
      return -1;
    }
    if (id < -1 || id > Integer.MAX_VALUE) {
      throw new GgufException("metadata " + key + " is " + id + ", no token");
    }
    return (int) id;
  }

  private static float[] floats(List<Double> values) {
    float[] out = new float[values.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = values.get(i).floatValue();
    }
    return out;
  }

  private int[] stops(Vocabulary v) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
      int id = token(key);
      if (id >= v.tokens().size()) {
        throw new GgufException("metadata " + key + " is " + id + ", beyond the vocabulary");
      }
      if (id >= 0) {
        ids.add(id);
      }
    }
    for (int i = 0; i < v.tokens().size(); i++) {
      if (END_OF_TURN.contains(v.tokens().get(i))) {
        ids.add(i);
      }
    }
    if (ids.size() > MAX_STOPS) {
      throw new GgufException(
          "tokenizer.ggml.tokens, eos_token_id and eot_token_id name "
              + ids.size()
              + " tokens that end an answer; at most "
              + MAX_STOPS
              + " are supported");
    }
    return ids.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /** Values of the model's matrices and norms. */
  static long parameters(Gguf gguf) {
    return gguf.tensors().values().stream().mapToLong(e -> e.rows() * e.columns()).sum();
  }

  /** The type most matrix values have; floats have become Q8_0. */
  String quantization() {
    TensorType type = TensorType.valueOf(mostUsed());
    return type.isFloat() ? "Q8_0 from " + type : type.name();
  }

  private String mostUsed() {
    return gguf.tensors().entrySet().stream()
        .filter(e -> e.getKey().startsWith("blk.") && e.getValue().rows() > 1)
        .collect(
            java.util.stream.Collectors.groupingBy(
                e -> e.getValue().type().name(),
                java.util.stream.Collectors.summingLong(
                    e -> e.getValue().rows() * e.getValue().columns())))
        .entrySet()
        .stream()
        .max(java.util.Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }
}
