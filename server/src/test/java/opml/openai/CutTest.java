package opml.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CutTest {
  @Test
  void howTheTextComesInPiecesMakesNoDifference() {
    String text = "one\n\ntwo END three";
    for (List<String> stops : List.of(List.of("END"), List.of("wo E", "END"), List.of("\n\n"))) {
      String whole = show(text, stops, text.length());
      assertEquals(text.substring(0, first(text, stops)), whole);
      for (int size = 1; size < 8; size++) {
        assertEquals(whole, show(text, stops, size), stops + " by " + size);
      }
    }
  }

  @Test
  void whatOnlyBeginsAStopTextIsShownInTheEnd() {
    Cut cut = new Cut(List.of("ENDE"));
    assertEquals("x ", cut.grow("x END"));
    assertEquals("END", cut.rest());
    assertFalse(cut.stopped());
  }

  @Test
  void withoutStopTextsNothingIsHeldBack() {
    assertEquals("abc", new Cut(List.of()).grow("abc"));
  }

  private static int first(String text, List<String> stops) {
    return stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElseThrow();
  }

  private static String show(String text, List<String> stops, int size) {
    Cut cut = new Cut(stops);
    StringBuilder shown = new StringBuilder();
    for (int at = 0; at < text.length(); at += size) {
      shown.append(cut.grow(text.substring(at, Math.min(text.length(), at + size))));
    }
    shown.append(cut.rest());
    assertTrue(cut.stopped());
    return shown.toString();
  }
}
