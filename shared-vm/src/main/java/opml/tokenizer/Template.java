package opml.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import opml.guest.TokenizerTable;

/**
 * The literals around the messages of a conversation. A template of the ChatML family is recognized
 * by its markers; its default system message, if any, is the one text it writes itself between
 * {@code <|im_start|>system\n} and {@code <|im_end|>}.
 */
final class Template {
  private static final String OPEN = "<|im_start|>";
  private static final String CLOSE = "<|im_end|>";
  private static final String[] ROLES = {"system", "user", "assistant"};

  private final byte[][] literals = new byte[8][0];
  private final boolean chat;

  Template(Vocabulary vocabulary, Map<String, Integer> ids) {
    if (vocabulary.addBos() && vocabulary.bos() >= 0) {
      literals[TokenizerTable.LITERAL_RAW] = marker(vocabulary.bos());
    }
    String source = vocabulary.chatTemplate();
    chat =
        source != null
            && source.contains(OPEN)
            && source.contains(CLOSE)
            && ids.containsKey(OPEN)
            && ids.containsKey(CLOSE);
    if (chat) {
      byte[] open = marker(ids.get(OPEN));
      byte[] close = join(marker(ids.get(CLOSE)), utf8("\n"));
      for (int role = 0; role < ROLES.length; role++) {
        literals[TokenizerTable.LITERAL_OPEN + role] = join(open, utf8(ROLES[role] + "\n"));
      }
      literals[TokenizerTable.LITERAL_CLOSE] = close;
      literals[TokenizerTable.LITERAL_ANSWER] = literals[TokenizerTable.LITERAL_OPEN + 2];
      String system = defaultSystem(source);
      if (system != null) {
        literals[TokenizerTable.LITERAL_SYSTEM] =
            join(literals[TokenizerTable.LITERAL_OPEN], utf8(system), close);
      }
    }
  }

  /** Whether conversations can be expanded. */
  boolean chat() {
    return chat;
  }

  /** The system message that the template itself writes, or null. */
  static String defaultSystem(String source) {
    String plain = source.replace("\\n", "\n");
    String head = OPEN + "system\n";
    int start = plain.indexOf(head);
    int end = start < 0 ? -1 : plain.indexOf(CLOSE, start);
    String text = end < 0 ? null : plain.substring(start + head.length(), end);
    boolean computed =
        text == null || text.contains("'") || text.contains("{{") || text.contains("\" ");
    return computed ? null : text;
  }

  void write(Section section) {
    section.field(TokenizerTable.AT_CHAT, chat ? 1 : 0);
    for (int i = 0; i < literals.length; i++) {
      int field = TokenizerTable.AT_LITERALS + 8 * i;
      section.mark(field);
      section.field(field + 4, literals[i].length);
      section.bytes(literals[i]);
    }
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
