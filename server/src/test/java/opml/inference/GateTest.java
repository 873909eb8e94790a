package opml.inference;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import opml.guest.Tensor;
import opml.request.Request;
import org.junit.jupiter.api.Test;

class GateTest {
  @Test
  void anEngineClosesBetweenOperatorsOfARunThatGoesOn() throws InterruptedException {
    AtomicReference<Throwable> end = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    try (Arena arena = Arena.ofShared()) {
      Engine engine = PrefillTest.engine(arena, PrefillTest.model(64, Tensor.Q8_0), 2);
      try (Run run = engine.start(Request.raw("x", 60).encode())) {
        Thread thread =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        while (true) {
                          run.operator();
                          begun.countDown();
                          if (run.exited()) {
                            return;
                          }
                        }
                      } catch (IllegalStateException e) {
                        end.set(e);
                      }
                    });
        begun.await();
        engine.close();
        thread.join();
        assertTrue(run.exited() || end.get() != null);
        assertThrows(
            IllegalStateException.class,
            () -> {
              try (Run late = engine.start(Request.raw("x", 1).encode())) {
                late.operator();
              }
            });
      }
    }
  }
}
