package opml.tokenizer;

import java.util.List;

/**
 * What a model file says about its tokenizer; the names are those of GGUF metadata.
 *
 * @param model {@code tokenizer.ggml.model}: "gpt2" (bytes) or "llama" (SentencePiece)
 * @param pre {@code tokenizer.ggml.pre}, for gpt2: see {@link Style}
 * @param tokens {@code tokenizer.ggml.tokens}
 * @param types {@code tokenizer.ggml.token_type} by token; null when absent: all normal
 * @param merges {@code tokenizer.ggml.merges}, best first, two tokens with a space between
 * @param scores {@code tokenizer.ggml.scores} by token, for llama; else null
 * @param bos {@code tokenizer.ggml.bos_token_id} or -1
 * @param eos {@code tokenizer.ggml.eos_token_id} or -1
 * @param addBos {@code tokenizer.ggml.add_bos_token}: a prompt begins with {@code bos}
 * @param spacePrefix {@code tokenizer.ggml.add_space_prefix}, for llama
 * @param chatTemplate {@code tokenizer.chat_template} or null
 */
public record Vocabulary(
    String model,
    String pre,
    List<String> tokens,
    int[] types,
    List<String> merges,
    float[] scores,
    int bos,
    int eos,
    boolean addBos,
    boolean spacePrefix,
    String chatTemplate) {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  /** A byte-level vocabulary. */
  public Vocabulary(
      String model,
      String pre,
      List<String> tokens,
      int[] types,
      List<String> merges,
      int bos,
      int eos,
      boolean addBos,
      String chatTemplate) {
    this(model, pre, tokens, types, merges, null, bos, eos, addBos, false, chatTemplate);
  }

  /** Whether a token is matched as a whole in raw text and never made by merges. */
  boolean special(int token) {
    return types != null && (types[token] == CONTROL || types[token] == USER_DEFINED);
  }

  /** Whether a token has no text of its own in an answer. */
  boolean silent(int token) {
    return types != null && (types[token] == CONTROL || types[token] == UNKNOWN);
  }

  /** Whether merges make a token. */
  boolean normal(int token) {
    return types == null || types[token] == NORMAL;
  }

  /** The byte that a SentencePiece token of the form {@code <0x0A>} stands for, or -1. */
  int octet(int token) {
    String text = tokens.get(token);
    boolean is = types != null && types[token] == BYTE && text.matches("<0x[0-9A-Fa-f]{2}>");
    return is ? Integer.parseInt(text.substring(3, 5), 16) : -1;
  }
}
