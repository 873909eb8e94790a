package opml.role;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

class EachRowTest {
  private static int deeper(int level) {
    return level < 0 ? 0 : 1 + deeper(level + 1 & 0x7fffffff);
  }

  @Test
  void aRowThatFailsInWhateverWayStopsNoOther() {
    List<Integer> done = new ArrayList<>();
    EachRow.of(
        List.of(1, 2, 3, 4),
        Logger.getLogger(EachRowTest.class),
        row -> "row " + row,
        row -> {
          if (row == 2) {
            done.add(deeper(0));
          } else if (row == 3) {
            throw new IllegalStateException("three");
          }
          done.add(row);
        });
    assertEquals(List.of(1, 4), done);
  }
}
