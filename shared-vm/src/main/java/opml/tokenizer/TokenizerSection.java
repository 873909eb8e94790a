package opml.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import opml.guest.TokenizerTable;

/** Makes the tokenizer section of WEIGHTS; the same vocabulary gives the same bytes everywhere. */
public final class TokenizerSection {
  private TokenizerSection() {}

  /**
   * Builds the section.
   *
   * @return its bytes, a multiple of 8; to be placed at an address that is a multiple of 8
   * @throws IllegalArgumentException naming the metadata field, when the vocabulary is damaged or
   *     of an unknown kind
   */
  public static byte[] build(Vocabulary vocabulary) {
    check(vocabulary);
    List<String> tokens = vocabulary.tokens();
    Map<String, Integer> ids = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      ids.putIfAbsent(tokens.get(i), i);
    }
    Section section = new Section(TokenizerTable.HEADER_BYTES);
    section.field(TokenizerTable.AT_MAGIC, TokenizerTable.MAGIC);
    section.field(TokenizerTable.AT_VOCABULARY, tokens.size());
    new Template(vocabulary, ids).write(section);
    section.mark(TokenizerTable.AT_BYTES);
    for (int octet = 0; octet < 256; octet++) {
      section.i32(ids.getOrDefault(String.valueOf(ByteAlphabet.character(octet)), -1));
    }
    UnicodeClasses.write(section, vocabulary.pre().equals("smollm"));
    SpecialTrie trie = new SpecialTrie();
    for (int i = 0; i < tokens.size(); i++) {
      if (vocabulary.special(i) && !tokens.get(i).isEmpty()) {
        trie.add(tokens.get(i), i);
      }
    }
    trie.write(section);
    writeTexts(section, vocabulary);
    new MergeTable(vocabulary.merges(), ids).write(section);
    return section.toBytes();
  }

  private static void check(Vocabulary vocabulary) {
    if (!"gpt2".equals(vocabulary.model())) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.model: \"" + vocabulary.model() + "\" is not supported, only \"gpt2\"");
    }
    if (!"smollm".equals(vocabulary.pre()) && !"gpt-2".equals(vocabulary.pre())) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.pre: \""
              + vocabulary.pre()
              + "\" is not supported, only \"smollm\" and \"gpt-2\"");
    }
    int size = vocabulary.tokens().size();
    if (size < 1 || size > TokenizerTable.MAX_VOCABULARY) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.tokens: " + size + " tokens; 1 to 262144 are supported");
    }
    if (vocabulary.types() != null && vocabulary.types().length != size) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.token_type: "
              + vocabulary.types().length
              + " types for "
              + size
              + " tokens; the file is damaged");
    }
    if (vocabulary.bos() >= size || vocabulary.eos() >= size) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.bos_token_id, eos_token_id: not a token; the file is damaged");
    }
  }

  private static void writeTexts(Section section, Vocabulary vocabulary) {
    List<byte[]> texts = new ArrayList<>();
    section.mark(TokenizerTable.AT_TEXT_INDEX);
    int at = 0;
    for (int i = 0; i < vocabulary.tokens().size(); i++) {
      byte[] text = vocabulary.silent(i) ? new byte[0] : text(vocabulary, i);
      if (text.length > TokenizerTable.MAX_TOKEN_BYTES) {
        throw new IllegalArgumentException(
            "tokenizer.ggml.tokens[" + i + "]: longer than 256 bytes, which is not supported");
      }
      section.i32(at);
      at += text.length;
      texts.add(text);
    }
    section.i32(at);
    section.mark(TokenizerTable.AT_TEXT);
    texts.forEach(section::bytes);
  }

  private static byte[] text(Vocabulary vocabulary, int token) {
    String written = vocabulary.tokens().get(token);
    byte[] decoded = vocabulary.special(token) ? null : ByteAlphabet.decode(written);
    return decoded == null ? written.getBytes(StandardCharsets.UTF_8) : decoded;
  }
}
