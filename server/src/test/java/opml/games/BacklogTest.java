package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import opml.games.Backlog.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BacklogTest {
  private static final long NOW = 1000;

  private static Job<String> job(String name, long end, double cost) {
    return new Job<>(name, NOW + end, cost);
  }

  @Test
  void theNearestEndComesFirstWhileAllCanBeDone() {
    List<Job<String>> jobs = List.of(job("a", 90, 20), job("b", 30, 10), job("c", 60, 20));
    Backlog<String> plan = Backlog.of(jobs, NOW, 0, lots(0));
    assertEquals(List.of("b", "c", "a"), plan.inTime().stream().map(Job::claim).toList());
    assertTrue(plan.late().isEmpty());
    assertEquals(50, plan.seconds());
    assertEquals("b", plan.order().getFirst());
  }

  /** In the order of arrival, or of ends alone, the lie would be looked at after its window. */
  @Test
  void aFloodOfLongTrueClaimsDoesNotDelayTheCheckOfAShortFalseOne() {
    List<Job<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      jobs.add(job("true " + i, 50 + i % 7, 30));
    }
    jobs.add(job("the lie", 58, 2));
    Backlog<String> plan = Backlog.of(jobs, NOW, 5, lots(0));
    double done = 0;
    boolean found = false;
    for (Job<String> job : plan.inTime()) {
      done += job.cost();
      assertTrue(NOW + done <= job.end() - 5, job + " is late");
      found |= job.claim().equals("the lie");
    }
    assertTrue(found, "the lie is among those replayed in time");
    assertEquals(100, plan.inTime().size() + plan.late().size() - 1);
  }

  /** The longest would be put off for certain, were it for the number of late ones. */
  @Test
  void aFloodOfShortTrueClaimsDoesNotMakeALongFalseOneSafe() {
    List<Job<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 400; i++) { // three times what fits
      jobs.add(job("true " + i, 250 + i % 100, 2));
    }
    jobs.add(job("the lie", 300, 100));
    assertTrue(chance(jobs) > 0.9, "checked with a chance of " + chance(jobs));
  }

  @Test
  void equalClaimsHaveEqualChancesAndTheTimeIsUsed() {
    List<Job<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      jobs.add(job(i == 7 ? "the lie" : "true " + i, 100, 10));
    }
    assertEquals(0.25, chance(jobs), 0.05, "10 of 40");
    Backlog<String> plan = Backlog.of(jobs, NOW, 0, lots(1));
    assertEquals(100, plan.seconds());
    assertEquals(30, plan.late().size());
  }

  /** Whoever floods with what he claims himself has to bind bonds for it all. */
  @Test
  void theChanceFallsWithTheFloodAndDoesNotEnd() {
    for (int flood : new int[] {2, 4, 8}) {
      List<Job<String>> jobs = new ArrayList<>(List.of(job("the lie", 120, 20)));
      Random random = new Random(flood);
      for (double filled = 0; filled < flood * 100; filled += jobs.getLast().cost()) {
        jobs.add(job("true " + jobs.size(), 100 + random.nextInt(40), 1 + random.nextInt(40)));
      }
      double chance = chance(jobs);
      assertTrue(chance > 0.5 / flood, flood + " times the time, chance " + chance);
      assertTrue(chance < 2.0 / flood, flood + " times the time, chance " + chance);
    }
  }

  /** How often the lie is checked in time. */
  private static double chance(List<Job<String>> jobs) {
    int rounds = 1000;
    int found = 0;
    for (int i = 0; i < rounds; i++) {
      Backlog<String> plan = Backlog.of(jobs, NOW, 0, lots(i));
      double done = 0;
      for (Job<String> job : plan.inTime()) {
        done += job.cost();
        assertTrue(NOW + done <= job.end(), job + " is late");
        found += job.claim().equals("the lie") ? 1 : 0;
      }
    }
    return (double) found / rounds;
  }

  private static ToDoubleFunction<String> lots(long seed) {
    return claim -> 1 - new Random(seed * 31 + claim.hashCode() * 0x9e3779b97f4a7c15L).nextDouble();
  }

  @Test
  void aClaimDrawsTheSameLotEachTimeAndEachServerAnother() {
    byte[] id = new byte[32];
    Lots lots = new Lots();
    double lot = lots.of(id);
    assertEquals(lot, lots.of(id));
    assertNotEquals(lot, new Lots().of(id));
    double sum = 0;
    for (int i = 0; i < 4000; i++) {
      id[0] = (byte) i;
      id[31] = (byte) (i >> 8);
      assertTrue(lots.of(id) > 0 && lots.of(id) <= 1);
      sum += lots.of(id);
    }
    assertEquals(0.5, sum / 4000, 0.03);
  }

  /** Where nothing fits, as on a slow machine, the short ones first would be sure again. */
  @Test
  void chanceDecidesAmongThoseThatAreTooLongForTheirWindowsToo() {
    List<Job<String>> jobs = new ArrayList<>();
    jobs.add(job("the lie", 50, 500));
    for (int i = 0; i < 3; i++) {
      jobs.add(job("true " + i, 50, 60));
    }
    int first = 0;
    for (int seed = 0; seed < 200; seed++) {
      Backlog<String> plan = Backlog.of(jobs, NOW, 0, lots(seed));
      assertTrue(plan.inTime().isEmpty());
      first += "the lie".equals(plan.order().getFirst()) ? 1 : 0;
    }
    assertTrue(first > 20 && first < 180, "first in " + first + " of 200");
  }

  @Test
  void whatIsTooLateIsDoneLastAndTheShortOnesFirst() {
    List<Job<String>> jobs = List.of(job("over", -5, 9), job("short", -5, 1), job("good", 9, 3));
    Backlog<String> plan = Backlog.of(jobs, NOW, 0, lots(0));
    assertEquals(List.of("good", "short", "over"), plan.order());
    assertEquals(1, plan.inTime().size());
    assertTrue(Backlog.of(List.<Job<String>>of(), NOW, 0, lots(0)).order().isEmpty());
  }

  /** The same draw with a look at all that are taken for each one more. */
  private static List<String> obvious(List<Job<String>> drawn, long margin) {
    List<Job<String>> taken = new ArrayList<>();
    for (Job<String> job : drawn) {
      taken.add(job);
      taken.sort(Comparator.comparingLong(Job::end));
      double done = NOW;
      for (Job<String> t : List.copyOf(taken)) {
        done += t.cost();
        if (done > t.end() - margin) {
          taken.remove(job);
          break;
        }
      }
    }
    return taken.stream().map(Job::claim).sorted().toList();
  }

  @Test
  void whatIsDrawnIsTakenAsLongAsAllThatIsTakenFits() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      List<Job<String>> jobs = new ArrayList<>();
      int count = 1 + random.nextInt(60);
      for (int i = 0; i < count; i++) {
        jobs.add(job("claim " + i, random.nextInt(100), 4)); // equal weights: in the order of lots
      }
      List<Job<String>> drawn = new ArrayList<>(jobs);
      ToDoubleFunction<String> lots = lots(round);
      drawn.sort(Comparator.comparingDouble(job -> -lots.applyAsDouble(job.claim())));
      Backlog<String> plan = Backlog.of(jobs, NOW, 2, lots);
      assertEquals(obvious(drawn, 2), plan.inTime().stream().map(Job::claim).sorted().toList());
      assertEquals(count, plan.order().size());
    }
  }

  /** A plan that compares all with all takes minutes. */
  @Test
  @Timeout(60)
  void aFloodOfAHundredThousandClaimsIsPlanned() {
    List<Job<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      jobs.add(job("claim " + i, 1000 + i % 600, 0.02));
    }
    Backlog<String> plan = Backlog.of(jobs, NOW, 15, lots(3));
    assertEquals(100_000, plan.order().size());
    assertTrue(plan.seconds() > 1400, plan.seconds() + " of 1584 seconds are used");
  }
}
