package opml.tokenizer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import opml.guest.TokenizerTable;

/** Characters that are tokens of a SentencePiece vocabulary, as a two-level table. */
final class SentenceTable {
  /** What the vocabulary writes for a space. */
  static final String SPACE = "\u2581";

  private static final int BLOCK = 128;
  private static final int BLOCKS = (Character.MAX_CODE_POINT + 1) / BLOCK;

  private SentenceTable() {}

  /**
   * Writes the table and the prefix.
   *
   * @param ids normal tokens by text
   */
  static void write(Section section, Vocabulary v, Map<String, Integer> ids) {
    int[][] blocks = new int[BLOCKS][];
    ids.forEach(
        (text, id) -> {
          if (text.codePointCount(0, text.length()) == 1) {
            put(blocks, text.codePointAt(0), id);
          }
        });
    if (ids.containsKey(SPACE)) {
      put(blocks, ' ', ids.get(SPACE));
    }
    Map<Integer, int[]> kept = new LinkedHashMap<>();
    int[] empty = new int[BLOCK];
    Arrays.fill(empty, -1);
    kept.put(0, empty);
    section.mark(TokenizerTable.AT_CHARACTER_INDEX);
    for (int[] block : blocks) {
      section.u16(block == null ? 0 : kept.size());
      if (block != null) {
        kept.put(kept.size(), block);
      }
    }
    section.mark(TokenizerTable.AT_CHARACTERS);
    kept.values().forEach(block -> Arrays.stream(block).forEach(section::i32));
    section.field(TokenizerTable.AT_PREFIX, v.spacePrefix() ? ids.getOrDefault(SPACE, -1) : -1);
  }

  private static void put(int[][] blocks, int character, int id) {
    int number = character / BLOCK;
    if (blocks[number] == null) {
      blocks[number] = new int[BLOCK];
      Arrays.fill(blocks[number], -1);
    }
    blocks[number][character % BLOCK] = id;
  }
}
