package opml.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Tokens as a trie over their bytes, with one column for each byte that occurs in them. */
final class TokenTrie {
  private static final int MAX_NODES = 1 << 16;
  private final byte[] columns = new byte[256];
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[256]));
  private final List<Integer> tokens = new ArrayList<>(List.of(-1));
  private int width = 1;
  private final String what;

  /** A trie of tokens named so in messages. */
  TokenTrie(String what) {
    this.what = what;
  }

  void add(byte[] text, int token) {
    int node = 0;
    for (byte signed : text) {
      refuseMore();
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
    refuseMore();
    tokens.set(node, token);
  }

  /** At each node: a damaged file may have a token of millions of bytes. */
  private void refuseMore() {
    if (nodes.size() > MAX_NODES) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.tokens: the "
              + what
              + " together need more than 65535 bytes of prefixes; such a model is not supported");
    }
  }

  /** Writes it; its four fields begin at {@code field} as those of the special tokens do. */
  void write(Section section, int field) {
    section.mark(field);
    section.bytes(columns);
    section.field(field + 8, width);
    section.mark(field + 4);
    for (int[] node : nodes) {
      for (int column = 0; column < width; column++) {
        section.u16(node[column]);
      }
    }
    section.mark(field + 12);
    for (int token : tokens) {
      section.i32(token);
    }
  }
}
