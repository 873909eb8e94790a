package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import opml.games.Backlog.Job;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long NOW = 1000;

  private static Job<String> job(String name, long end, double cost) {
    return new Job<>(name, NOW + end, cost);
  }

  @Test
  void theNearestEndComesFirstWhileAllCanBeDone() {
    List<Job<String>> jobs = List.of(job("a", 90, 20), job("b", 30, 10), job("c", 60, 20));
    Backlog<String> plan = Backlog.of(jobs, NOW, 0);
    assertEquals(List.of("b", "c", "a"), plan.inTime().stream().map(Job::claim).toList());
    assertTrue(plan.late().isEmpty());
    assertEquals(50, plan.seconds());
    assertEquals("b", plan.next());
  }

  /** In the order of arrival, or of ends alone, the lie would be looked at after its window. */
  @Test
  void aFloodOfLongTrueClaimsDoesNotDelayTheCheckOfAShortFalseOne() {
    List<Job<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      jobs.add(job("true " + i, 50 + i % 7, 30));
    }
    jobs.add(job("the lie", 58, 2));
    Backlog<String> plan = Backlog.of(jobs, NOW, 5);
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

  /** Against every subset of small random backlogs. */
  @Test
  void noOrderHasFewerLateOnes() {
    Random random = new Random(8);
    for (int round = 0; round < 300; round++) {
      List<Job<String>> jobs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        jobs.add(job("" + i, 1 + random.nextInt(40), 1 + random.nextInt(15)));
      }
      int best = 0;
      for (int subset = 0; subset < 256; subset++) {
        best = Math.max(best, feasible(jobs, subset));
      }
      assertEquals(best, Backlog.of(jobs, NOW, 0).inTime().size());
    }
  }

  private static int feasible(List<Job<String>> jobs, int subset) {
    double busy = NOW;
    for (Job<String> job : jobs.stream().sorted(Comparator.comparingLong(Job::end)).toList()) {
      if ((subset >> jobs.indexOf(job) & 1) != 0) {
        busy += job.cost();
        if (busy > job.end()) {
          return 0;
        }
      }
    }
    return Integer.bitCount(subset);
  }

  @Test
  void whatIsTooLateIsDoneLastAndTheShortOnesFirst() {
    List<Job<String>> jobs = List.of(job("over", -5, 9), job("short", -5, 1), job("good", 9, 3));
    Backlog<String> plan = Backlog.of(jobs, NOW, 0);
    assertEquals("good", plan.next());
    assertEquals(List.of("short", "over"), plan.late().stream().map(Job::claim).toList());
    assertNull(Backlog.of(List.<Job<String>>of(), NOW, 0).next());
  }
}
