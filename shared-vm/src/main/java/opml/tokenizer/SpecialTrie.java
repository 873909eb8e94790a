package opml.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import opml.guest.TokenizerTable;

/**
 * The special tokens as a trie over their UTF-8 bytes, with one column for each byte that occurs in
 * them.
 */
final class SpecialTrie {
  private static final int MAX_NODES = 1 << 16;
  private final byte[] columns = new byte[256];
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[256]));
  private final List<Integer> tokens = new ArrayList<>(List.of(-1));
  private int width = 1;

  void add(String text, int token) {
    int node = 0;
    for (byte signed : text.getBytes(StandardCharsets.UTF_8)) {
      int octet = signed & 255;
      if (columns[octet] == 0) {
        columns[octet] = (byte) width++;
      }
      int column = columns[octet] & 255;
      int next = nodes.get(node)[column];
      if (next == 0) {
        next = nodes.size();
        nodes.get(node)[column] = next;
        nodes.add(new int[256]);
        tokens.add(-1);
      }
      node = next;
    }
    if (nodes.size() > MAX_NODES) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.tokens: the special tokens together need more than 65535 bytes of prefixes; such a model is not supported");
    }
    tokens.set(node, token);
  }

  void write(Section section) {
    section.mark(TokenizerTable.AT_TRIE_COLUMNS);
    section.bytes(columns);
    section.field(TokenizerTable.AT_TRIE_WIDTH, width);
    section.mark(TokenizerTable.AT_TRIE);
    for (int[] node : nodes) {
      for (int column = 0; column < width; column++) {
        section.u16(node[column]);
      }
    }
    section.mark(TokenizerTable.AT_TRIE_TOKENS);
    for (int token : tokens) {
      section.i32(token);
    }
  }
}
