package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Every chunk is run once, by several members or by the caller alone. */
class TeamTest {
  private static final int CHUNKS = 100;

  @Test
  void chunksAreShared() throws InterruptedException {
    try (Team team = new Team(3)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(CHUNKS);
      Set<Integer> members = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(3);
      team.run(
          (chunk, member) -> {
            runs.incrementAndGet(chunk);
            if (members.add(member)) {
              all.countDown();
              await(all); // each member keeps its first chunk until all have one
            }
          },
          CHUNKS);
      assertEquals(Set.of(0, 1, 2), members);
      assertOnce(runs);
    }
  }

  @Test
  void smallWorkIsDoneAlone() {
    try (Team team = new Team(3)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(CHUNKS);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      Team.Job job =
          (chunk, member) -> {
            assertEquals(0, member);
            threads.add(Thread.currentThread());
            runs.incrementAndGet(chunk);
          };
      String result =
          Team.alone(
              () -> {
                team.run(job, CHUNKS);
                return "done";
              });
      assertEquals("done", result);
      assertEquals(Set.of(Thread.currentThread()), threads);
      assertOnce(runs);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertOnce(AtomicIntegerArray runs) {
    for (int c = 0; c < CHUNKS; c++) {
      assertEquals(1, runs.get(c), "chunk " + c);
    }
  }
}
