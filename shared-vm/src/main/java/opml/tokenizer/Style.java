package opml.tokenizer;

import opml.guest.TokenizerTable;

/** The ways to cut text into words, by the names that GGUF metadata has for them. */
enum Style {
  /** GPT-2. */
  GPT_2("gpt2", "gpt-2", TokenizerTable.STYLE_CLASSIC, 0, false),

  /** GPT-2 with every digit alone: SmolLM. */
  SMOLLM("gpt2", "smollm", TokenizerTable.STYLE_CLASSIC, 1, false),

  /** Llama 3: up to three digits; a word that is a token is not cut. */
  LLAMA_BPE("gpt2", "llama-bpe", TokenizerTable.STYLE_CASELESS, 3, true),

  /** Qwen 2: every digit alone. */
  QWEN2("gpt2", "qwen2", TokenizerTable.STYLE_CASELESS, 1, false),

  /** SentencePiece pair encoding with byte fallback: Llama 2, TinyLlama. */
  SENTENCE("llama", "", TokenizerTable.STYLE_SENTENCE, 0, false);

  private final String model;
  private final String pre;

  /** Value of {@link TokenizerTable#AT_STYLE}. */
  final int number;

  /** Most digits of a word; 0 where the style does not count them. */
  final int digits;

  /** Whether a word that is a token is taken whole, without merges. */
  final boolean whole;

  Style(String model, String pre, int number, int digits, boolean whole) {
    this.model = model;
    this.pre = pre;
    this.number = number;
    this.digits = digits;
    this.whole = whole;
  }

  static Style of(Vocabulary v) {
    boolean known = false;
    for (Style style : values()) {
      if (style.model.equals(v.model()) && (style == SENTENCE || style.pre.equals(v.pre()))) {
        return style;
      }
      known |= style.model.equals(v.model());
    }
    throw new IllegalArgumentException(
        known
            ? "tokenizer.ggml.pre: \""
                + v.pre()
                + "\" is not supported, only \"smollm\", \"gpt-2\", \"llama-bpe\" and \"qwen2\""
            : "tokenizer.ggml.model: \""
                + v.model()
                + "\" is not supported, only \"gpt2\" and \"llama\"");
  }
}
