package opml.guest.synth;

import opml.guest.TokenizerTable;

/** A tokenizer section without merges: token i below 256 is byte i, the others have no text. */
final class ByteTokens {
  private static final int BODY = (TokenizerTable.HEADER_BYTES + 63) & -64;

  private ByteTokens() {}

  static byte[] section(int vocab) {
    int bytes = BODY;
    int classIndex = bytes + 4 * 256;
    int classBlock = classIndex + 0x110000 / 128;
    int columns = classBlock + 128;
    int trie = columns + 256;
    int trieTokens = trie + 8;
    int hash = trieTokens + 8;
    int textIndex = hash + 8;
    int text = textIndex + 4 * (vocab + 1);
    byte[] out = new byte[(text + 256 + 63) & -64];
    put(out, TokenizerTable.AT_MAGIC, TokenizerTable.MAGIC);
    put(out, TokenizerTable.AT_VOCABULARY, vocab);
    put(out, TokenizerTable.AT_HASH, hash);
    put(out, TokenizerTable.AT_MERGED, hash);
    put(out, TokenizerTable.AT_BYTES, bytes);
    put(out, TokenizerTable.AT_CLASS_INDEX, classIndex);
    put(out, TokenizerTable.AT_CLASS_BLOCKS, classBlock);
    put(out, TokenizerTable.AT_TRIE_COLUMNS, columns);
    put(out, TokenizerTable.AT_TRIE, trie);
    put(out, TokenizerTable.AT_TRIE_WIDTH, 1);
    put(out, TokenizerTable.AT_TRIE_TOKENS, trieTokens);
    put(out, TokenizerTable.AT_TEXT_INDEX, textIndex);
    put(out, TokenizerTable.AT_TEXT, text);
    put(out, trieTokens, -1);
    put(out, hash, -1);
    put(out, hash + 4, -1);
    for (int i = 0; i <= vocab; i++) {
      put(out, textIndex + 4 * i, Math.min(i, 256));
    }
    for (int i = 0; i < 256; i++) {
      put(out, bytes + 4 * i, i < vocab ? i : -1);
      out[text + i] = (byte) i;
    }
    return out;
  }

  private static void put(byte[] out, int at, int value) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
