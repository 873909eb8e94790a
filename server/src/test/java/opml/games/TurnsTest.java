package opml.games;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import opml.http.Problem;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void oneHasTheTurnAndTheOthersFollowInTheirOrder() {
    Turns turns = new Turns(2);
    assertTrue(turns.take().isDone());
    CompletableFuture<Void> second = turns.take();
    final CompletableFuture<Void> third = turns.take();
    assertFalse(second.isDone());
    turns.end();
    assertTrue(second.isDone());
    assertFalse(third.isDone());
    turns.end();
    assertTrue(third.isDone());
    turns.end();
    assertTrue(turns.take().isDone(), "free again");
  }

  @Test
  void turnsThatNobodyWantsAreOthers() {
    Turns turns = new Turns(2);
    CompletableFuture<Void> first = turns.take();
    CompletableFuture<Void> second = turns.take();
    final CompletableFuture<Void> third = turns.take();
    turns.leave(second);
    assertFalse(third.isDone());
    turns.leave(first);
    assertTrue(third.isDone());
    turns.leave(third);
    assertTrue(turns.take().isDone(), "free again");
  }

  @Test
  void moreThanMayWaitAreToldToComeAgain() {
    Turns turns = new Turns(1);
    assertTrue(turns.take().isDone());
    final CompletableFuture<Void> waiting = turns.take();
    Problem full = assertThrows(Problem.class, () -> turns.take().join());
    assertEquals(503, full.status());
    assertEquals("demo-queue-full", full.slug());
    assertTrue(full.getMessage().contains("opml.demo.waiting"), full.getMessage());
    waiting.cancel(false); // who asked has left
    CompletableFuture<Void> next = turns.take();
    turns.end();
    assertTrue(next.isDone());
    assertTrue(waiting.isCancelled());
  }
}
