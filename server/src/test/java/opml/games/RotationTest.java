package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final List<String> ALL = List.of("a", "b", "c");

  @Test
  void eachTurnBeginsWithAnotherAndComesToAll() {
    Rotation<String> rotation = new Rotation<>();
    for (String turn : List.of("abc", "bca", "cab", "abc")) {
      rotation.begin(ALL);
      StringBuilder seen = new StringBuilder(rotation.at());
      seen.append(rotation.next()).append(rotation.next());
      assertEquals(turn, seen.toString());
      assertNull(rotation.next());
      assertNull(rotation.at());
    }
  }

  @Test
  void whatIsLeftIsNotComeBackToInTheSameTurn() {
    Rotation<String> rotation = new Rotation<>();
    rotation.begin(ALL);
    rotation.next();
    assertEquals("b", rotation.at());
    assertEquals("b", rotation.at());
    rotation.begin(List.of("x"));
    assertEquals("x", rotation.at());
  }
}
