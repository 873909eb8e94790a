package opml.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import opml.guest.Bounds;
import opml.guest.Memory;
import org.junit.jupiter.api.Test;

/** The static worst case against what the VM really executes when every loop runs to its bound. */
class WorstCaseTest {
  /** Loops that always run to their bound. */
  public static final class Full {
    private Full() {}

    /** One path only: the worst case is exact. */
    public static int straight(Memory m) {
      int r = m.loadI32(0);
      for (int i = 0; i < 10; i++) {
        Bounds.loop(10);
        for (int j = 0; j < 7; j++) {
          Bounds.loop(7);
          r = r * 31 + j;
        }
        r ^= i;
      }
      int k = 0;
      do {
        Bounds.loop(13);
        r += k * k;
        k++;
      } while (k < 13);
      return r;
    }

    /** The inner loop runs 45 times in all, not 10 * 9. */
    public static int triangle(Memory m) {
      int r = m.loadI32(0);
      for (int i = 0; i < 10; i++) {
        Bounds.loop(10);
        for (int j = 0; j < i; j++) {
          Bounds.loop(9);
          Bounds.total(45);
          r = r * 31 + (j ^ r >> 3) * (r + 7) + (r << 4) + (r & 77) * (r | 5);
        }
      }
      return r;
    }

    /** Without the total bound. */
    public static int rectangle(Memory m) {
      int r = m.loadI32(0);
      for (int i = 0; i < 10; i++) {
        Bounds.loop(10);
        for (int j = 0; j < i; j++) {
          Bounds.loop(9);
          r = r * 31 + (j ^ r >> 3) * (r + 7) + (r << 4) + (r & 77) * (r | 5);
        }
      }
      return r;
    }

    /** Either of two, never both. */
    public static int either(Memory m) {
      return m.loadI32(0) == 0 ? triangle(m) : rectangle(m);
    }

    /** Far over the budget, in a loop of calls. */
    public static int heavy(Memory m) {
      int r = 0;
      for (int i = 0; i < m.loadI32(0); i++) {
        Bounds.loop(3000);
        r += inner(m, r) + inner(m, i);
      }
      return r;
    }

    private static int inner(Memory m, int x) {
      int r = x;
      for (int i = 0; i < m.loadI32(4); i++) {
        Bounds.loop(3000);
        r = r * 31 + (i ^ r >> 3) * (r + 7) + (r << 4) + (r & 77) * (r | 5) + (r >>> 9);
        r = r * 37 + (i ^ r >> 5) * (r + 8) + (r << 6) + (r & 78) * (r | 6) + (r >>> 8);
        r = r * 41 + (i ^ r >> 7) * (r + 9) + (r << 8) + (r & 79) * (r | 7) + (r >>> 7);
        r = r * 43 + (i ^ r >> 9) * (r + 1) + (r << 9) + (r & 80) * (r | 8) + (r >>> 6);
      }
      return r;
    }

    /** Ends at its last iteration, after the bound. */
    public static int leaves(Memory m) {
      int r = 0;
      while (true) {
        Bounds.loop(20);
        r = r * 5 + 1;
        if (m.loadI32(1024) == r || r > 0 && (r & 0xfffff) == 0xfffff) {
          return r;
        }
        m.storeI32(1028, m.loadI32(1028) + 1);
        if (m.loadI32(1028) >= 20) {
          return r;
        }
      }
    }
  }

  private static Twin twin(String name) {
    return new Twin(Map.of(), "opml/translate/WorstCaseTest$Full", name, "(Lopml/guest/Memory;)I");
  }

  private static long slack(String name) {
    Twin twin = twin(name);
    twin.inVm(new byte[Twin.STATE_BYTES]);
    return twin.image().worst() - twin.steps;
  }

  @Test
  void isExactWhereThereIsOnePath() {
    assertEquals(0, slack("straight"));
  }

  @Test
  void countsATotalBoundOnceForAllEntries() {
    long triangle = slack("triangle");
    long rectangle = slack("rectangle");
    assertTrue(triangle >= 0 && triangle <= 2, "slack " + triangle);
    assertTrue(rectangle >= 45 * 10, "slack " + rectangle);
  }

  @Test
  void anOperatorOverTheBudgetIsRefusedWithTheCallsThatCostIt() {
    SubsetException e =
        assertThrows(SubsetException.class, () -> Main.check(twin("heavy").image()));
    assertTrue(e.getMessage().contains("(INV-02)"), e.getMessage());
    assertTrue(e.getMessage().contains("Full.inner(Lopml/guest/Memory;I)I"), e.getMessage());
    assertTrue(e.getMessage().contains("called 3000 times"), e.getMessage());
  }

  @Test
  void countsTheLongerOfTwoWays() {
    long difference = twin("either").image().worst() - twin("rectangle").image().worst();
    assertTrue(difference >= 0 && difference < 30, "difference " + difference);
  }

  @Test
  void countsAnIterationThatLeavesAfterTheBound() {
    long slack = slack("leaves");
    assertTrue(slack >= 0 && slack <= 60, "slack " + slack);
  }
}
