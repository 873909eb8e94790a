package opml.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import opml.guest.Header;
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
  private static final int EXACT = 16383;
  private static final Set<String> END_OF_TURN = Set.of("<|im_end|>", "<|endoftext|>");

  private final Gguf gguf;

  Importer(Gguf gguf) {
    this.gguf = gguf;
  }

  Layout layout(Shape shape) {
    return new Layout(shape, TokenizerState.BYTES, Sampler.BYTES);
  }

  /** Writes the content of WEIGHTS. */
  void write(Path weights, Shape shape, Progress progress) throws IOException {
    Vocabulary vocabulary = vocabulary();
    if (vocabulary.tokens().size() != shape.vocab()) {
      throw new GgufException(
          "the tokenizer has "
              + vocabulary.tokens().size()
              + " tokens, the embedding "
              + shape.vocab()
              + " rows");
    }
    ImageWriter writer = new ImageWriter(shape, TokenizerSection.build(vocabulary));
    Gguf.Entry embedding = matrix("token_embd.weight", shape.vocab(), shape.dim());
    writer.add(embedding);
    if (gguf.tensors().containsKey("output.weight")) {
      writer.add(matrix("output.weight", shape.vocab(), shape.dim()));
    } else {
      writer.repeatFirst();
    }
    writer.add(norm("output_norm.weight", shape));
    for (int i = 0; i < shape.layers(); i++) {
      layer(writer, shape, "blk." + i + ".");
    }
    refuseOthers(shape);
    writer.write(weights, layout(shape), stops(vocabulary), progress);
  }

  private void layer(ImageWriter writer, Shape s, String prefix) {
    int inner = s.heads() * s.headDim();
    int kv = s.kvHeads() * s.headDim();
    writer.add(norm(prefix + "attn_norm.weight", s));
    join(
        writer,
        matrix(prefix + "attn_q.weight", inner, s.dim()),
        matrix(prefix + "attn_k.weight", kv, s.dim()),
        matrix(prefix + "attn_v.weight", kv, s.dim()));
    writer.add(matrix(prefix + "attn_output.weight", s.dim(), inner));
    writer.add(norm(prefix + "ffn_norm.weight", s));
    join(
        writer,
        matrix(prefix + "ffn_gate.weight", s.ffn(), s.dim()),
        matrix(prefix + "ffn_up.weight", s.ffn(), s.dim()));
    writer.add(matrix(prefix + "ffn_down.weight", s.dim(), s.ffn()));
  }

  private static void join(ImageWriter writer, Gguf.Entry... parts) {
    if (Stream.of(parts).map(Gguf.Entry::type).distinct().count() == 1) {
      writer.add(parts);
      for (int i = 1; i < parts.length; i++) {
        writer.addJoined(parts[i]);
      }
    } else {
      for (Gguf.Entry part : parts) {
        writer.add(part);
      }
    }
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
    if (!e.type().supported || e.type() == TensorType.F32) {
      throw new GgufException(
          "tensor "
              + name
              + " has type "
              + e.type()
              + "; matrices may be "
              + TensorType.supportedNames().replace("F32, ", "")
              + ": choose another quantization of this model");
    }
    return e;
  }

  private Gguf.Entry norm(String name, Shape s) {
    Gguf.Entry e = gguf.tensor(name);
    if (e.type() != TensorType.F32 || e.rows() != 1 || e.columns() != s.dim()) {
      throw new GgufException(
          "tensor "
              + name
              + " is "
              + e.rows()
              + " x "
              + e.columns()
              + " of type "
              + e.type()
              + "; a norm is "
              + s.dim()
              + " values of F32");
    }
    return e;
  }

  /** A tensor the guest does not use would silently change the model: refuse it. */
  private void refuseOthers(Shape s) {
    Set<String> known =
        new LinkedHashSet<>(List.of("token_embd.weight", "output.weight", "output_norm.weight"));
    for (int i = 0; i < s.layers(); i++) {
      for (String t :
          List.of(
              "attn_norm",
              "attn_q",
              "attn_k",
              "attn_v",
              "attn_output",
              "ffn_norm",
              "ffn_gate",
              "ffn_up",
              "ffn_down")) {
        known.add("blk." + i + "." + t + ".weight");
      }
    }
    for (String name : gguf.tensors().keySet()) {
      if (!known.contains(name)) {
        throw new GgufException(
            "tensor " + name + " is not part of the architecture llama as this guest computes it");
      }
    }
  }

  Shape shape() {
    String architecture = gguf.text("general.architecture", "missing");
    if (!architecture.equals("llama")) {
      throw new GgufException("architecture is " + architecture + "; supported: llama");
    }
    String scaling = gguf.text("llama.rope.scaling.type", "none");
    if (!scaling.equals("none")) {
      throw new GgufException("llama.rope.scaling.type is " + scaling + "; supported: none");
    }
    int dim = gguf.required("llama.embedding_length");
    int heads = gguf.required("llama.attention.head_count");
    if (heads == 0) {
      throw new GgufException("llama.attention.head_count is 0");
    }
    int headDim = (int) gguf.number("llama.attention.key_length", dim / heads);
    if (gguf.number("llama.rope.dimension_count", headDim) != headDim) {
      throw new GgufException(
          "llama.rope.dimension_count differs from the head dimension "
              + headDim
              + "; partial rotation is not supported");
    }
    if (gguf.number("llama.attention.value_length", headDim) != headDim) {
      throw new GgufException(
          "llama.attention.value_length differs from the head dimension " + headDim);
    }
    return new Shape(
        dim,
        gguf.required("llama.block_count"),
        heads,
        (int) gguf.number("llama.attention.head_count_kv", heads),
        headDim,
        gguf.required("llama.feed_forward_length"),
        Math.toIntExact(gguf.tensor("token_embd.weight").rows()),
        Math.min(gguf.required("llama.context_length"), Header.MAX_CONTEXT),
        (float) gguf.real("llama.attention.layer_norm_rms_epsilon", 1e-5f),
        gguf.real("llama.rope.freq_base", 10000),
        EXACT);
  }

  private Vocabulary vocabulary() {
    List<String> tokens = gguf.list("tokenizer.ggml.tokens", String.class);
    if (tokens == null) {
      throw new GgufException("metadata tokenizer.ggml.tokens is missing");
    }
    List<Long> types = gguf.list("tokenizer.ggml.token_type", Long.class);
    List<String> merges = gguf.list("tokenizer.ggml.merges", String.class);
    return new Vocabulary(
        gguf.text("tokenizer.ggml.model", "missing"),
        gguf.text("tokenizer.ggml.pre", "missing"),
        tokens,
        types == null ? null : types.stream().mapToInt(Long::intValue).toArray(),
        merges == null ? List.of() : merges,
        (int) gguf.number("tokenizer.ggml.bos_token_id", -1),
        (int) gguf.number("tokenizer.ggml.eos_token_id", -1),
        gguf.flag("tokenizer.ggml.add_bos_token", false),
        gguf.text("tokenizer.chat_template", null));
  }

  private int[] stops(Vocabulary v) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
      long id = gguf.number(key, -1);
      if (id >= v.tokens().size()) {
        throw new GgufException("metadata " + key + " is " + id + ", beyond the vocabulary");
      }
      if (id >= 0) {
        ids.add((int) id);
      }
    }
    for (int i = 0; i < v.tokens().size(); i++) {
      if (END_OF_TURN.contains(v.tokens().get(i))) {
        ids.add(i);
      }
    }
    return ids.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /** Values of the model's matrices and norms. */
  long parameters() {
    return gguf.tensors().values().stream().mapToLong(e -> e.rows() * e.columns()).sum();
  }

  /** The type most matrix values have. */
  String quantization() {
    return gguf.tensors().entrySet().stream()
        .filter(e -> e.getKey().startsWith("blk.") && e.getValue().type() != TensorType.F32)
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

  static String sha256(Path file, Progress progress) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      long total = Files.size(file);
      long done = 0;
      for (int n; (n = in.read(buffer)) > 0; done += n) {
        digest.update(buffer, 0, n);
        progress.at("Checking sha256", done, total);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
