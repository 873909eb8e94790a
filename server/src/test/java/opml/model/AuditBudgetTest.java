package opml.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AuditBudgetTest {
  private static final long MILLI = 1_000_000;

  @Test
  void shortAnswersAreAuditedNowAndThenWithinTheShare() {
    AuditBudget budget = new AuditBudget(1);
    Random random = new Random(3);
    long answers = 0;
    long audits = 0;
    int audited = 0;
    for (int i = 0; i < 20_000; i++) {
      budget.earn(300 * MILLI);
      answers += 300 * MILLI;
      for (int n = budget.draw(1, random.nextDouble()); n > 0; n--) {
        budget.spend(10 * MILLI);
        audits += 10 * MILLI;
        audited++;
      }
    }
    assertTrue(audits <= 0.0101 * answers, audits + " of " + answers);
    assertTrue(audited > 4_000, "only " + audited + " of 20000 answers");
  }

  @Test
  void longAnswersAreAllAudited() {
    AuditBudget budget = new AuditBudget(1);
    for (int i = 0; i < 100; i++) {
      budget.earn(10_000 * MILLI);
      assertEquals(2, budget.draw(2, 0.999));
      budget.spend(20 * MILLI);
      budget.spend(20 * MILLI);
    }
  }

  @Test
  void nothingIsAuditedWithoutAShare() {
    AuditBudget budget = new AuditBudget(0);
    budget.earn(1_000_000 * MILLI);
    assertEquals(0, budget.draw(5, 0));
    assertThrows(IllegalStateException.class, () -> new AuditBudget(101));
  }
}
