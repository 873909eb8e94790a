package opml.machine;

import opml.commitment.Nodes;

/**
 * Content of a region before the machine writes to it, by pages of 4 KiB. It must not change while
 * a machine reads from it. Nodes are those of this original content: height 7 is one page.
 */
public interface Pages extends Nodes {
  /** Bytes of a page. */
  int PAGE = 4096;

  /** Words of a page. */
  int WORDS = PAGE / 4;

  /** Height of the Merkle node that covers one page. */
  int HEIGHT = 7;

  /** Fills {@code words[0, 1024)} with a page's little-endian words, zeros beyond the end. */
  void read(long page, int[] words);
}
