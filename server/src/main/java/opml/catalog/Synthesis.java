package opml.catalog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Makes GGUF files of well-known shapes with random weights, labelled as such, for measurements of
 * speed and of disputes. Equal arguments give equal bytes; nothing of the model is held in memory.
 */
public final class Synthesis {
  private static final int BUFFER_BLOCKS = 4096;
  private static final String TEMPLATE =
      "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' +"
          + " '\n'}}{% endfor %}{{ '<|im_start|>assistant\n' }}";

  /** Shapes by name, as of Llama 2 7B, Llama 3.2 1B, and smallest ones that take every type. */
  private enum Form {
    LLAMA_7B("llama", 4096, 32, 32, 32, 11008, 32000, 4096, 10000, false),
    LLAMA_1B("llama", 2048, 16, 32, 8, 8192, 128256, 8192, 500000, true),
    TINY("llama", 256, 2, 4, 2, 512, 512, 256, 10000, false),
    TINY_QWEN2("qwen2", 256, 2, 4, 2, 512, 512, 256, 1000000, true);

    private final String architecture;
    private final int dim;
    private final int layers;
    private final int heads;
    private final int kvHeads;
    private final int ffn;
    private final int vocab;
    private final int context;
    private final float base;
    private final boolean tied;

    Form(
        String architecture,
        int dim,
        int layers,
        int heads,
        int kvHeads,
        int ffn,
        int vocab,
        int context,
        float base,
        boolean tied) {
      this.architecture = architecture;
      this.dim = dim;
      this.layers = layers;
      this.heads = heads;
      this.kvHeads = kvHeads;
      this.ffn = ffn;
      this.vocab = vocab;
      this.context = context;
      this.base = base;
      this.tied = tied;
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Form form;
  private final TensorType type;
  private final boolean mixed;
  private final long seed;
  private final GgufWriter writer = new GgufWriter();

  private Synthesis(Form form, TensorType type, boolean mixed, long seed) {
    this.form = form;
    this.type = type;
    this.mixed = mixed;
    this.seed = seed;
  }

  /**
   * Writes a file.
   *
   * @param shape llama-7b, llama-1b, tiny or tiny-qwen2
   * @param type a tensor type, or Q4_K_M: Q4_K with llama.cpp's choice of tensors in Q6_K
   */
  public static void write(Path file, String shape, String type, long seed, Progress progress)
      throws IOException {
    Form form =
        Arrays.stream(Form.values())
            .filter(f -> f.label().equals(shape))
            .findFirst()
            .orElseThrow(
                () ->
                    unknown(
                        "shape", shape, Arrays.stream(Form.values()).map(Form::label).toList()));
    boolean mixed = type.equals("Q4_K_M");
    List<String> types =
        new ArrayList<>(Arrays.stream(TensorType.values()).map(Enum::name).toList());
    types.add("Q4_K_M");
    if (!types.contains(type)) {
      throw unknown("type", type, types);
    }
    TensorType chosen = mixed ? TensorType.Q4_K : TensorType.valueOf(type);
    new Synthesis(form, chosen, mixed, seed).write(file, type, progress);
  }

  private static IllegalArgumentException unknown(String what, String value, List<String> known) {
    return new IllegalArgumentException(
        "--" + what + " is " + value + ": name one of " + String.join(", ", known));
  }

  private void write(Path file, String typeName, Progress progress) throws IOException {
    metadata(typeName);
    plan();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20)) {
      writer.writeHead(out);
      long total = writer.tensors().stream().mapToLong(GgufWriter.Planned::bytes).sum();
      long done = 0;
      int index = 0;
      for (GgufWriter.Planned t : writer.tensors()) {
        bytes(out, t, index++);
        out.write(new byte[GgufWriter.padding(t.bytes())]);
        done += t.bytes();
        progress.at("Writing random weights", done, total);
      }
    }
    Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private void metadata(String typeName) {
    String a = form.architecture + ".";
    writer.put("general.architecture", form.architecture);
    writer.put("general.name", "synthetic " + form.label() + " " + typeName + ", seed " + seed);
    writer.put("general.license", "none: random weights");
    writer.put("opml.synthetic", true);
    writer.put(a + "embedding_length", form.dim);
    writer.put(a + "block_count", form.layers);
    writer.put(a + "attention.head_count", form.heads);
    writer.put(a + "attention.head_count_kv", form.kvHeads);
    writer.put(a + "feed_forward_length", form.ffn);
    writer.put(a + "context_length", form.context);
    writer.put(a + "rope.freq_base", form.base);
    writer.put(a + "rope.dimension_count", form.dim / form.heads);
    writer.put(a + "attention.layer_norm_rms_epsilon", 1e-5f);
    List<String> tokens = tokens();
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    Arrays.fill(types, 0, 3, 3);
    writer.put("tokenizer.ggml.model", "gpt2");
    writer.put("tokenizer.ggml.pre", "gpt-2");
    writer.putTexts("tokenizer.ggml.tokens", tokens);
    writer.putInts("tokenizer.ggml.token_type", types);
    writer.putTexts("tokenizer.ggml.merges", List.of("\u0120 t"));
    writer.put("tokenizer.ggml.bos_token_id", 0);
    writer.put("tokenizer.ggml.eos_token_id", 0);
    writer.put("tokenizer.chat_template", TEMPLATE);
  }

  /** Three special tokens, the bytes, one merge, and words that nothing makes. */
  private List<String> tokens() {
    List<String> tokens =
        new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "\u0120t"));
    for (int octet = 0; octet < 256; octet++) {
      boolean printable = octet > 0x20 && octet < 0x7f || octet > 0xa0 && octet != 0xad;
      if (printable) {
        tokens.add("" + (char) octet);
      }
    }
    for (int i = 0; i < 68; i++) {
      tokens.add("" + (char) (0x100 + i));
    }
    while (tokens.size() < form.vocab) {
      tokens.add("w" + tokens.size());
    }
    return tokens;
  }

  private void plan() {
    int kv = form.dim / form.heads * form.kvHeads;
    TensorType high = mixed ? TensorType.Q6_K : type;
    writer.add("token_embd.weight", form.tied ? high : type, form.dim, form.vocab);
    writer.add("output_norm.weight", TensorType.F32, form.dim, 1);
    if (!form.tied) {
      writer.add("output.weight", high, form.dim, form.vocab);
    }
    if (form == Form.LLAMA_1B) {
      writer.add(Architecture.FACTORS, TensorType.F32, form.dim / form.heads / 2, 1);
    }
    for (int i = 0; i < form.layers; i++) {
      String p = "blk." + i + ".";
      TensorType some = more(i) ? high : type;
      writer.add(p + "attn_norm.weight", TensorType.F32, form.dim, 1);
      writer.add(p + "attn_q.weight", type, form.dim, form.dim);
      writer.add(p + "attn_k.weight", type, form.dim, kv);
      writer.add(p + "attn_v.weight", some, form.dim, kv);
      if (form.architecture.equals("qwen2")) {
        writer.add(p + "attn_q.bias", TensorType.F32, form.dim, 1);
        writer.add(p + "attn_k.bias", TensorType.F32, kv, 1);
        writer.add(p + "attn_v.bias", TensorType.F32, kv, 1);
      }
      writer.add(p + "attn_output.weight", type, form.dim, form.dim);
      writer.add(p + "ffn_norm.weight", TensorType.F32, form.dim, 1);
      writer.add(p + "ffn_gate.weight", type, form.dim, form.ffn);
      writer.add(p + "ffn_up.weight", type, form.dim, form.ffn);
      writer.add(p + "ffn_down.weight", some, form.ffn, form.dim);
    }
  }

  /** Layers whose values and down projections llama.cpp gives more bits in Q4_K_M. */
  private boolean more(int layer) {
    int eighth = form.layers / 8;
    return layer < eighth || layer >= 7 * form.layers / 8 || (layer - eighth) % 3 == 2;
  }

  private void bytes(OutputStream out, GgufWriter.Planned t, int index) throws IOException {
    if (t.rows() == 1) {
      byte[] values = new byte[4 * (int) t.columns()];
      RandomBlocks random = new RandomBlocks(TensorType.F32, 1, seed * 31 + index);
      if (t.name().endsWith(".bias")) {
        random.fill(values, values.length);
      } else {
        floats(values, t.name().equals(Architecture.FACTORS));
      }
      out.write(values);
      return;
    }
    RandomBlocks random = new RandomBlocks(t.type(), t.columns(), seed * 0x10001L + index);
    byte[] buffer = new byte[BUFFER_BLOCKS * t.type().bytes];
    for (long left = t.bytes(); left > 0; left -= buffer.length) {
      int length = (int) Math.min(left, buffer.length);
      random.fill(buffer, length);
      out.write(buffer, 0, length);
    }
  }

  /** Ones, or the factors of Llama 3.2 (32, low 1, high 4, original context 8192). */
  private void floats(byte[] out, boolean factors) {
    int n = out.length / 4;
    for (int i = 0; i < n; i++) {
      double value = 1;
      if (factors) {
        double waves = 8192 * Math.pow(form.base, -(double) i / n) / (2 * Math.PI);
        double smooth = Math.clamp((waves - 1) / 3, 0, 1);
        value = 1 / ((1 - smooth) / 32 + smooth);
      }
      int bits = Float.floatToIntBits((float) value);
      for (int k = 0; k < 4; k++) {
        out[4 * i + k] = (byte) (bits >>> 8 * k);
      }
    }
  }
}
