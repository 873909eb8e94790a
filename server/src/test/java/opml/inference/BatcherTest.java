package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import opml.guest.Control;
import opml.guest.Guest;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.request.Request;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final TinyModel MODEL =
      PrefillTest.model(96, Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1, Tensor.Q8_0);
  private static final String[] PROMPTS = {
    "one", "and two", "three times", "a fourth prompt that is longer", "5"
  };

  private static byte[] input(int i) {
    return Request.raw(PROMPTS[i], 12 + 4 * i).encode();
  }

  @Test
  void answersAreThoseOfRunsAlone() throws InterruptedException {
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2)) {
      List<Run> alone = new ArrayList<>();
      List<Run> together = new ArrayList<>();
      for (int i = 0; i < PROMPTS.length; i++) {
        Run run = engine.start(input(i));
        while (run.operator()) {}
        alone.add(run);
        together.add(engine.start(input(i)));
      }
      List<Thread> threads = new ArrayList<>();
      List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
      for (Run run : together) {
        Thread t = Thread.ofPlatform().unstarted(() -> run.finish(s -> {}, () -> false));
        t.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
        threads.add(t);
      }
      threads.forEach(Thread::start);
      for (Thread t : threads) {
        t.join();
      }
      assertEquals(List.of(), thrown);
      for (int i = 0; i < PROMPTS.length; i++) {
        assertArrayEquals(alone.get(i).output(), together.get(i).output());
        assertEquals(alone.get(i).operators(), together.get(i).operators());
        alone.get(i).close();
        together.get(i).close();
      }
    }
  }

  @Test
  void twoRunsGetTheirLogitsAtOnce() throws InterruptedException {
    assumeTrue(Emission.has(Level.AVX2), "without emitted kernels every run goes alone");
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2);
        Team team = new Team(2);
        Batcher batcher = new Batcher(team)) {
      List<Run> alone = new ArrayList<>();
      List<Run> together = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        alone.add(atLastToken(engine.start(input(i))));
        together.add(atLastToken(engine.start(input(i))));
        assertTrue(batcher.join(together.get(i).memory()));
        NativeMemory m = alone.get(i).memory();
        while (m.loadI32(Control.PHASE) != Guest.P_SAMPLE) {
          alone.get(i).operator();
        }
      }
      List<Boolean> good = Collections.synchronizedList(new ArrayList<>());
      // the second waits for the first as long as it takes: patience only bounds who begins
      Thread other = Thread.ofPlatform().start(() -> good.add(retry(batcher, together.get(1))));
      good.add(retry(batcher, together.get(0)));
      other.join();
      assertEquals(List.of(true, true), good);
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(logits(alone.get(i)), logits(together.get(i)));
        assertEquals(Guest.P_SAMPLE, together.get(i).memory().loadI32(Control.PHASE));
        alone.get(i).close();
        together.get(i).close();
      }
    }
  }

  /** Nothing is done while a run is alone, so trying again is safe. */
  private static boolean retry(Batcher batcher, Run run) {
    for (int i = 0; i < 10_000; i++) {
      if (batcher.logits(run.memory())) {
        return true;
      }
    }
    return false;
  }

  private static Run atLastToken(Run run) {
    NativeMemory m = run.memory();
    while (m.loadI32(Control.PHASE) != Guest.P_FORWARD
        || m.loadI32(Control.POSITION) != m.loadI32(Control.TOKEN_COUNT) - 1) {
      run.operator();
    }
    return run;
  }

  private static byte[] logits(Run run) {
    NativeMemory m = run.memory();
    long bytes = 4L * m.loadI32(Header.VOCAB);
    return m.state.asSlice(m.loadI64(Header.LOGITS), bytes).toArray(ValueLayout.JAVA_BYTE);
  }
}
