package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
  private static final List<String> ALL = List.of("a", "b", "c");

  private final Precedence precedence = new Precedence();

  private String order() {
    return String.join("", precedence.order(ALL, Function.identity()));
  }

  /** All fail once; then one for itself, again and again, and the others do not. */
  @Test
  void whoAlwaysFailsKeepsNobodyWaiting() {
    assertEquals("abc", order());
    for (String next : List.of("bca", "cab", "abc", "bca")) {
      precedence.failed(order().substring(0, 1));
      assertEquals(next, order());
    }
    precedence.over("c");
    assertEquals("cba", order());
    precedence.over("b");
    precedence.failed("a");
    assertEquals("bca", order());
  }

  @Test
  void whatIsForgottenGoesFirstAgain() {
    ALL.forEach(precedence::failed);
    precedence.failed("a");
    precedence.keep(List.of("a", "b"));
    assertEquals("cba", order());
    precedence.clear();
    assertEquals("abc", order());
  }
}
