package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final Throwable full = new UncheckedIOException(new IOException("disk full"));

  private final Outage outage = new Outage();

  private static byte[] claim(int n) {
    return new byte[] {(byte) n};
  }

  private List<Integer> failed(int claim, Throwable why) {
    return outage.failed(claim(claim), why).stream().map(id -> (int) id[0]).toList();
  }

  @Test
  void theThirdFailureInARowIsOneOfEverything() {
    assertEquals(List.of(), failed(1, full));
    assertEquals(List.of(), failed(1, full), "one claim is no row");
    assertEquals(List.of(), failed(2, new IllegalStateException(full)), "at the bottom the same");
    assertNull(outage.reason());
    assertEquals(List.of(1, 2, 3), failed(3, full));
    assertNotNull(outage.reason());
    assertEquals(List.of(4), failed(4, full), "while it lasts one is enough");
    assertEquals(List.of(1), failed(1, full));
    assertTrue(outage.spares(claim(1)));
    assertFalse(outage.spares(claim(5)));
    assertTrue(outage.succeeded(claim(5)));
    assertFalse(outage.spares(claim(1)));
    assertNull(outage.reason());
  }

  @Test
  void unlikeFailuresAndSuccessesEndARow() {
    failed(1, full);
    failed(2, full);
    assertEquals(List.of(), failed(3, new StackOverflowError()));
    failed(4, full);
    failed(5, full);
    assertFalse(outage.succeeded(claim(6)));
    assertEquals(List.of(), failed(7, full));
  }

  /** Claims made to fail: they look like an outage once, and then pay for it themselves. */
  @Test
  void claimsThatFailBesideOthersThatDoNotAreSparedOnce() {
    IntStream.range(1, 4).forEach(claim -> failed(claim, full));
    assertTrue(outage.succeeded(claim(9)));
    for (int claim = 1; claim < 4; claim++) {
      assertEquals(List.of(), failed(claim, full));
    }
    assertNull(outage.reason());
    outage.succeeded(claim(1));
    failed(1, full);
    failed(4, full);
    assertEquals(List.of(1, 4, 5), failed(5, full), "what has succeeded is suspected no more");
  }

  /** What others show is not held against a claim that was there in an earlier outage. */
  @Test
  void anotherOutageSparesThoseOfAnEarlierOneToo() {
    IntStream.range(1, 4).forEach(claim -> failed(claim, full));
    outage.succeeded(claim(9));
    assertEquals(List.of(), failed(1, full), "nothing is known yet");
    failed(4, full);
    failed(5, full);
    assertEquals(List.of(), failed(2, full), "still nothing");
    assertEquals(List.of(4, 5, 6), failed(6, full));
    assertEquals(List.of(1), failed(1, full));
    assertEquals(List.of(2), failed(2, new StackOverflowError()));
    assertEquals(
        List.of(3, 4, 5, 6, 1, 2), outage.order(List.of(1, 2, 3, 4, 5, 6), OutageTest::claim));
    assertTrue(outage.succeeded(claim(3)));
    assertEquals(List.of(), failed(1, full), "again its own");
  }

  @Test
  void itEndsWhenNothingFailsAnyMore() {
    assertTrue(outage.begins(full));
    assertFalse(outage.begins(full), "no news");
    assertTrue(outage.ends());
    assertFalse(outage.ends());
    IntStream.range(1, 4).forEach(claim -> failed(claim, full));
    assertFalse(outage.ends(), "a plan says nothing about checks");
    assertNotNull(outage.reason());
    outage.keep(List.of());
    assertTrue(outage.ends(), "nothing is left to be checked");
  }

  /** One whose window ends first and whose check fails for ever must not be the only one tried. */
  @Test
  void eachClaimHasItsTurnWhileAllFail() {
    List<Integer> claims = List.of(1, 2, 3, 4);
    assertEquals(claims, outage.order(claims, OutageTest::claim));
    IntStream.range(1, 4).forEach(claim -> failed(claim, full));
    assertEquals(List.of(4, 1, 2, 3), outage.order(claims, OutageTest::claim));
    failed(1, full);
    assertEquals(List.of(4, 2, 3, 1), outage.order(claims, OutageTest::claim));
    failed(4, new StackOverflowError());
    failed(2, full);
    assertEquals(List.of(3, 1, 4, 2), outage.order(claims, OutageTest::claim));
    outage.succeeded(claim(3));
    assertEquals(claims, outage.order(claims, OutageTest::claim));
  }

  @Test
  void claimsThatAreOverAreForgotten() {
    failed(1, full);
    failed(2, full);
    outage.keep(List.of(claim(2)));
    assertEquals(List.of(), failed(3, full));
  }
}
