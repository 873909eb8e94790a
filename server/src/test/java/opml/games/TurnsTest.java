package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import opml.http.Client;
import opml.http.Problem;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Client one = new Client("one");
  private final Client two = new Client("two");

  @Test
  void oneHasTheTurnAndTheOthersFollowInTheirOrder() {
    Turns turns = new Turns(2, 2);
    assertTrue(turns.take(one).isDone());
    CompletableFuture<Void> second = turns.take(one);
    final CompletableFuture<Void> third = turns.take(one);
    assertFalse(second.isDone());
    turns.end();
    assertTrue(second.isDone());
    assertFalse(third.isDone());
    turns.end();
    assertTrue(third.isDone());
    turns.end();
    assertTrue(turns.take(one).isDone(), "free again");
  }

  @Test
  void turnsThatNobodyWantsAreOthers() {
    Turns turns = new Turns(2, 2);
    CompletableFuture<Void> first = turns.take(one);
    CompletableFuture<Void> second = turns.take(one);
    final CompletableFuture<Void> third = turns.take(one);
    turns.leave(second);
    assertFalse(third.isDone());
    turns.leave(first);
    assertTrue(third.isDone());
    turns.leave(third);
    assertTrue(turns.take(one).isDone(), "free again");
  }

  @Test
  void moreThanMayWaitAreToldToComeAgain() {
    Turns turns = new Turns(1, 1);
    assertTrue(turns.take(one).isDone());
    final CompletableFuture<Void> waiting = turns.take(one);
    Problem full = assertThrows(Problem.class, () -> turns.take(two).join());
    assertEquals(503, full.status());
    assertEquals("demo-queue-full", full.slug());
    assertTrue(full.getMessage().contains("opml.demo.waiting"), full.getMessage());
    waiting.cancel(false); // who asked has left
    CompletableFuture<Void> next = turns.take(one);
    turns.end();
    assertTrue(next.isDone());
    assertTrue(waiting.isCancelled());
  }

  @Test
  void oneClientCannotTakeAllPlacesToWait() {
    Turns turns = new Turns(3, 2);
    assertTrue(turns.take(one).isDone(), "plays");
    CompletableFuture<Void> first = turns.take(one);
    final CompletableFuture<Void> second = turns.take(one);
    Problem mine = assertThrows(Problem.class, () -> turns.take(one).isDone());
    assertEquals(429, mine.status());
    assertEquals("demo-queue-full", mine.slug());
    CompletableFuture<Void> other = turns.take(two);
    first.cancel(false); // who asked has left
    turns.end();
    assertTrue(second.isDone());
    assertFalse(turns.take(one).isDone(), "a place again");
    turns.end();
    assertTrue(other.isDone(), "in its order");
  }
}
