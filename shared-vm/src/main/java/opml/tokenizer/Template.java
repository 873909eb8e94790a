package opml.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import opml.guest.TokenizerTable;

/**
 * The literals around the messages of a conversation. A model's template is recognized as one of
 * the {@link Family} families by its markers; what each writes is in docs/protocol.md section 8.
 */
final class Template {
  private static final String[] ROLES = {"system", "user", "assistant"};
  private static final String OPEN = "<|im_start|>";
  private static final String CLOSE = "<|im_end|>";

  /** Characters; real ones have some thousands. It is searched from each of its markers on. */
  private static final int LONGEST = 1 << 17;

  /** Families of templates, by what must occur in one and in the vocabulary. */
  enum Family {
    CHATML(OPEN, CLOSE, OPEN, CLOSE),
    LLAMA3("<|start_header_id|>", "<|end_header_id|>", "<|start_header_id|>", "<|eot_id|>"),
    LLAMA2("<<SYS>>", "[/INST]", "</s>", "<s>"),
    ZEPHYR("<|user|>", "<|assistant|>", "</s>", "</s>");

    private final String one;
    private final String other;
    private final String token;
    private final String otherToken;

    Family(String one, String other, String token, String otherToken) {
      this.one = one;
      this.other = other;
      this.token = token;
      this.otherToken = otherToken;
    }

    boolean fits(String source, Map<String, Integer> ids) {
      return source.contains(one)
          && source.contains(other)
          && ids.containsKey(token)
          && ids.containsKey(otherToken);
    }
  }

  private final Map<String, Integer> ids;
  private final byte[][] literals = new byte[TokenizerTable.LITERAL_ANSWER + 1][0];
  private boolean chat;
  private boolean trim;

  private Template(Vocabulary vocabulary, Map<String, Integer> ids) {
    this.ids = ids;
    if (vocabulary.addBos() && vocabulary.bos() >= 0) {
      literals[TokenizerTable.LITERAL_RAW] = marker(vocabulary.bos());
      literals[TokenizerTable.LITERAL_CHAT] = marker(vocabulary.bos());
    }
  }

  /**
   * The literals of a vocabulary's template; without a template there are no conversations.
   *
   * @throws IllegalArgumentException when it is of no known family
   */
  static Template of(Vocabulary vocabulary, Map<String, Integer> ids) {
    Template t = new Template(vocabulary, ids);
    String source = vocabulary.chatTemplate();
    if (source != null && !source.isBlank()) {
      if (source.length() > LONGEST) {
        throw new IllegalArgumentException(
            "tokenizer.chat_template: "
                + source.length()
                + " characters; at most "
                + LONGEST
                + " are supported");
      }
      t.fill(family(source, ids), source);
    }
    return t;
  }

  private static Family family(String source, Map<String, Integer> ids) {
    return Arrays.stream(Family.values())
        .filter(f -> f.fits(source, ids))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "tokenizer.chat_template: \""
                        + source.substring(0, Math.min(60, source.length())).replace('\n', ' ')
                        + "...\" is of no known family; supported are those of ChatML (Qwen 2,"
                        + " SmolLM), Llama 2, Llama 3 and Zephyr (TinyLlama): remove the field to"
                        + " use the model without conversations"));
  }

  private void fill(Family family, String source) {
    chat = true;
    switch (family) {
      case CHATML -> {
        byte[] close = join(special(CLOSE), utf8("\n"));
        turns(special(OPEN), utf8("\n"), close);
        String system = defaultSystem(source);
        if (system != null) {
          literals[TokenizerTable.LITERAL_SYSTEM] =
              join(literals[TokenizerTable.LITERAL_OPEN], utf8(system), close);
        }
      }
      case LLAMA3 -> {
        trim = true;
        byte[] head = join(special("<|end_header_id|>"), utf8("\n\n"));
        turns(special("<|start_header_id|>"), head, special("<|eot_id|>"));
      }
      case ZEPHYR -> turns(utf8("<|"), utf8("|>\n"), join(special("</s>"), utf8("\n")));
      case LLAMA2 -> {
        trim = source.contains("content.strip()");
        byte[] instruction = join(special("<s>"), utf8("[INST] "));
        literals[TokenizerTable.LITERAL_CHAT] = instruction;
        literals[TokenizerTable.LITERAL_OPEN] = utf8("<<SYS>>\n");
        literals[TokenizerTable.LITERAL_CLOSE] = utf8("\n<</SYS>>\n\n");
        literals[TokenizerTable.LITERAL_CLOSE + 1] = utf8(" [/INST]");
        literals[TokenizerTable.LITERAL_CLOSE + 2] = join(special("</s>"), instruction);
      }
    }
  }

  /** A family where each message is: head, role, the rest of the head, content, close. */
  private void turns(byte[] head, byte[] rest, byte[] close) {
    for (int role = 0; role < ROLES.length; role++) {
      literals[TokenizerTable.LITERAL_OPEN + role] = join(head, utf8(ROLES[role]), rest);
      literals[TokenizerTable.LITERAL_CLOSE + role] = close;
    }
    literals[TokenizerTable.LITERAL_ANSWER] = literals[TokenizerTable.LITERAL_OPEN + 2];
  }

  /** The system message that a ChatML template itself writes, or null. */
  static String defaultSystem(String source) {
    String plain = source.replace("\\n", "\n");
    String head = OPEN + "system\n";
    for (int start = plain.indexOf(head); start >= 0; start = plain.indexOf(head, start + 1)) {
      int end = plain.indexOf(CLOSE, start);
      String text = end < 0 ? null : plain.substring(start + head.length(), end);
      boolean computed =
          text == null || text.contains("'") || text.contains("{{") || text.contains("\" ");
      if (!computed) {
        return text;
      }
    }
    return null;
  }

  void write(Section section) {
    section.field(TokenizerTable.AT_CHAT, chat ? 1 : 0);
    section.field(TokenizerTable.AT_TRIM, trim ? 1 : 0);
    for (int i = 0; i < literals.length; i++) {
      int field = TokenizerTable.AT_LITERALS + 8 * i;
      section.mark(field);
      section.field(field + 4, literals[i].length);
      section.bytes(literals[i]);
    }
  }

  private byte[] special(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.tokens: " + token + " is missing, which tokenizer.chat_template writes");
    }
    return marker(id);
  }

  private static byte[] marker(int token) {
    return new byte[] {
      (byte) TokenizerTable.MARKER, (byte) token, (byte) (token >> 8), (byte) (token >> 16)
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
