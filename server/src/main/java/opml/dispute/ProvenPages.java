package opml.dispute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import opml.commitment.Ranges;
import opml.machine.Pages;

/** Neighbouring pages of a region with the proof of their range: pages, then siblings upwards. */
public final class ProvenPages {
  /** Pages in one answer at most: 1 MiB. */
  public static final int MOST = 256;

  private static final int LEAVES = 1 << Pages.HEIGHT;

  private ProvenPages() {}

  /**
   * Pages from {@code first} on.
   *
   * @param size log2 of the region's leaves
   * @throws IllegalArgumentException when they are none, more than {@link #MOST}, or not all inside
   */
  public static byte[] of(Pages region, int size, long first, int count) {
    long pages = 1L << size - Pages.HEIGHT;
    if (first < 0 || count < 1 || count > MOST || first > pages - count) {
      throw new IllegalArgumentException(
          "page and count must name 1 to " + MOST + " of the region's " + pages + " pages.");
    }
    byte[] proof = Ranges.prove(region, first * LEAVES, (long) count * LEAVES, size);
    ByteBuffer out =
        ByteBuffer.allocate(count * Pages.PAGE + proof.length).order(ByteOrder.LITTLE_ENDIAN);
    int[] words = new int[Pages.WORDS];
    for (long page = first; page < first + count; page++) {
      region.read(page, words);
      for (int word : words) {
        out.putInt(word);
      }
    }
    return out.put(proof).array();
  }
}
