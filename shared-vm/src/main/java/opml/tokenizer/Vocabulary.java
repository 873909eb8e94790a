package opml.tokenizer;

import java.util.List;

/**
 * What a model file says about its tokenizer; the names are those of GGUF metadata.
 *
 * @param model {@code tokenizer.ggml.model}; only "gpt2" is known
 * @param pre {@code tokenizer.ggml.pre}: "smollm" (digits stand alone) or "gpt-2"
 * @param tokens {@code tokenizer.ggml.tokens}
 * @param types {@code tokenizer.ggml.token_type} by token; null when absent: all normal
 * @param merges {@code tokenizer.ggml.merges}, best first, two tokens with a space between
 * @param bos {@code tokenizer.ggml.bos_token_id} or -1
 * @param eos {@code tokenizer.ggml.eos_token_id} or -1
 * @param addBos {@code tokenizer.ggml.add_bos_token}: a raw text begins with {@code bos}
 * @param chatTemplate {@code tokenizer.chat_template} or null
 */
public record Vocabulary(
    String model,
    String pre,
    List<String> tokens,
    int[] types,
    List<String> merges,
    int bos,
    int eos,
    boolean addBos,
    String chatTemplate) {
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /** Whether a token is matched as a whole in raw text and never made by merges. */
  boolean special(int token) {
    return types != null && (types[token] == CONTROL || types[token] == USER_DEFINED);
  }

  /** Whether a token has no text of its own in an answer. */
  boolean silent(int token) {
    return types != null && types[token] == CONTROL;
  }
}
