package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import opml.machine.BytePages;
import opml.machine.FetchedPages;
import opml.machine.Pages;
import org.junit.jupiter.api.Test;

/** Pages fetched one range at a time are those of the root, or refused. */
class FetchedPagesTest {
  private static final int SIZE = 14; // 128 pages

  private final BytePages whole = whole();

  private static BytePages whole() {
    byte[] content = new byte[100 * Pages.PAGE + 77]; // zeros beyond
    new Random(1).nextBytes(content);
    return new BytePages(content, SIZE);
  }

  private FetchedPages fetched(FetchedPages.Source source) {
    return new FetchedPages("WEIGHTS", whole.root(), SIZE, source);
  }

  @Test
  void pagesAndNodesAreThoseOfTheRegion() {
    FetchedPages pages = fetched((first, count) -> ProvenPages.of(whole, SIZE, first, count));
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      long page = i % 3 == 0 ? random.nextInt(128) : i % 128;
      int[] expected = new int[Pages.WORDS];
      int[] found = new int[Pages.WORDS];
      whole.read(page, expected);
      pages.read(page, found);
      assertArrayEquals(expected, found, "page " + page);
    }
    for (int height = 0; height <= SIZE; height++) {
      long index = random.nextInt(1 << SIZE - height);
      byte[] expected = new byte[32];
      byte[] found = new byte[32];
      whole.node(height, index, expected, 0);
      pages.node(height, index, found, 0);
      assertArrayEquals(expected, found, "height " + height + " index " + index);
    }
  }

  @Test
  void onlyWhatIsTouchedIsFetchedAndReadingOnTakesFewRanges() {
    FetchedPages pages = fetched((first, count) -> ProvenPages.of(whole, SIZE, first, count));
    int[] words = new int[Pages.WORDS];
    pages.read(5, words);
    assertEquals(1, pages.requests());
    assertEquals(Pages.PAGE + 7 * 32, pages.bytes());
    for (int page = 6; page < 70; page++) {
      pages.read(page, words);
    }
    assertTrue(pages.requests() <= 8, pages.requests() + " ranges");
    long before = pages.bytes();
    pages.read(33, words);
    assertEquals(before, pages.bytes());
  }

  @Test
  void aFalseByteIsRefusedWhereverItStands() {
    Random random = new Random(3);
    byte[] honest = ProvenPages.of(whole, SIZE, 20, 1);
    for (int i = 0; i < 50; i++) {
      byte[] body = honest.clone();
      body[i == 0 ? body.length - 1 : random.nextInt(body.length)] ^=
          (byte) (1 << random.nextInt(8));
      refused(body);
    }
    refused(Arrays.copyOf(honest, honest.length - 1));
    refused(Arrays.copyOf(honest, honest.length + 32));
    refused(ProvenPages.of(whole, SIZE, 21, 1));
    refused(new byte[0]);
  }

  private void refused(byte[] body) {
    FetchedPages pages = fetched((first, count) -> body);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> pages.read(20, new int[Pages.WORDS]));
    assertTrue(e.getMessage().contains("pages 20 to 20 of WEIGHTS"), e.getMessage());
  }

  @Test
  void rangesOutsideTheRegionAreNotServed() {
    for (long[] range : new long[][] {{-1, 1}, {128, 1}, {127, 2}, {0, 0}, {0, 257}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ProvenPages.of(whole, SIZE, range[0], (int) range[1]));
    }
  }
}
