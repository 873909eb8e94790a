package opml.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
    Style style = Style.of(vocabulary);
    check(vocabulary, style);
    List<String> tokens = vocabulary.tokens();
    Map<String, Integer> ids = new HashMap<>();
    Map<String, Integer> normal = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      ids.putIfAbsent(tokens.get(i), i);
      if (vocabulary.normal(i)) {
        normal.putIfAbsent(tokens.get(i), i);
      }
    }
    Section section = new Section(TokenizerTable.HEADER_BYTES);
    section.field(TokenizerTable.AT_MAGIC, TokenizerTable.MAGIC);
    section.field(TokenizerTable.AT_VOCABULARY, tokens.size());
    section.field(TokenizerTable.AT_STYLE, style.number);
    section.field(TokenizerTable.AT_DIGITS, style.digits);
    section.field(TokenizerTable.AT_PREFIX, -1);
    Template.of(vocabulary, ids).write(section);
    int[] octets = octets(vocabulary, style, ids);
    section.mark(TokenizerTable.AT_BYTES);
    Arrays.stream(octets).forEach(section::i32);
    UnicodeClasses.write(section, style);
    TokenTrie trie = new TokenTrie("special tokens");
    for (int i = 0; i < tokens.size(); i++) {
      if (vocabulary.special(i) && !tokens.get(i).isEmpty()) {
        trie.add(tokens.get(i).getBytes(StandardCharsets.UTF_8), i);
      }
    }
    trie.write(section, TokenizerTable.AT_TRIE_COLUMNS);
    writeTexts(section, vocabulary, style);
    MergeTable merges;
    if (style == Style.SENTENCE) {
      SentenceTable.write(section, vocabulary, normal);
      merges = MergeTable.scored(vocabulary, normal);
    } else {
      merges = MergeTable.listed(vocabulary.merges(), ids);
    }
    whole(vocabulary, style, merges, octets).write(section, TokenizerTable.AT_WHOLE);
    merges.write(section);
    return section.toBytes();
  }

  private static int[] octets(Vocabulary v, Style style, Map<String, Integer> ids) {
    int[] octets = new int[256];
    for (int octet = 0; octet < 256; octet++) {
      octets[octet] = ids.getOrDefault(String.valueOf(ByteAlphabet.character(octet)), -1);
    }
    if (style == Style.SENTENCE) {
      Arrays.fill(octets, -1);
      for (int i = 0; i < v.tokens().size(); i++) {
        if (v.octet(i) >= 0) {
          octets[v.octet(i)] = i;
        }
      }
    }
    return octets;
  }

  private static TokenTrie whole(Vocabulary v, Style style, MergeTable merges, int[] octets) {
    TokenTrie trie = new TokenTrie("tokens that merges do not make");
    if (style.whole) {
      WholeWords words = new WholeWords(merges, octets);
      for (int i = 0; i < v.tokens().size(); i++) {
        byte[] text = v.normal(i) ? text(v, style, i) : new byte[0];
        if (text.length > 1 && !words.made(text, i)) {
          trie.add(text, i);
        }
      }
    }
    return trie;
  }

  private static void check(Vocabulary vocabulary, Style style) {
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
    int scores = vocabulary.scores() == null ? 0 : vocabulary.scores().length;
    if (style == Style.SENTENCE && scores != size) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.scores: "
              + scores
              + " scores for "
              + size
              + " tokens; the file is damaged");
    }
    if (vocabulary.bos() >= size || vocabulary.eos() >= size) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.bos_token_id, eos_token_id: not a token; the file is damaged");
    }
  }

  private static void writeTexts(Section section, Vocabulary vocabulary, Style style) {
    List<byte[]> texts = new ArrayList<>();
    section.mark(TokenizerTable.AT_TEXT_INDEX);
    int at = 0;
    for (int i = 0; i < vocabulary.tokens().size(); i++) {
      byte[] text = vocabulary.silent(i) ? new byte[0] : text(vocabulary, style, i);
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

  /** What a token adds to an answer. */
  private static byte[] text(Vocabulary vocabulary, Style style, int token) {
    String written = vocabulary.tokens().get(token);
    if (style == Style.SENTENCE && !vocabulary.special(token)) {
      int octet = vocabulary.octet(token);
      return octet >= 0
          ? new byte[] {(byte) octet}
          : written.replace(SentenceTable.SPACE, " ").getBytes(StandardCharsets.UTF_8);
    }
    byte[] decoded = vocabulary.special(token) ? null : ByteAlphabet.decode(written);
    return decoded == null ? written.getBytes(StandardCharsets.UTF_8) : decoded;
  }
}
