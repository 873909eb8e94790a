package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  /** A long prompt arrives while others write; answers and caches are those of runs alone. */
  @Test
  void whoeverArrivesJoinsAtTheNextToken() throws Exception {
    String prompt = "a prompt of some forty tokens, one for a byte";
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      byte[] late = Request.raw(prompt, 10).encode();
      Finished alone = Finished.of(engine, late, () -> {});
      long before = engine.sharedTokens();
      CountDownLatch writing = new CountDownLatch(1);
      List<Future<Finished>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] input = Request.raw("w" + i, 60).encode();
        writers.add(threads.submit(() -> Finished.of(engine, input, writing::countDown)));
      }
      writing.await();
      List<Future<Finished>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(threads.submit(() -> Finished.of(engine, late, () -> {})));
      }
      for (Future<Finished> reader : readers) {
        reader.get().sameAs(alone);
      }
      for (int i = 0; i < 3; i++) {
        byte[] input = Request.raw("w" + i, 60).encode();
        writers.get(i).get().sameAs(Finished.of(engine, input, () -> {}));
      }
      assertEquals(Emission.has(Level.AVX2), engine.sharedTokens() > before);
    }
  }

  private record Finished(byte[] output, long operators, int[] tokens, byte[] keys, byte[] values) {
    static Finished of(Engine engine, byte[] input, Runnable onText) {
      try (Run run = engine.start(input)) {
        run.finish(text -> onText.run(), () -> false);
        NativeMemory m = run.memory();
        byte[] keys = cache(m, Header.KEYS);
        byte[] values = cache(m, Header.VALUES);
        return new Finished(run.output(), run.operators(), run.completionTokens(), keys, values);
      }
    }

    private static byte[] cache(NativeMemory m, long area) {
      long cells = (long) m.loadI32(Header.LAYERS) * m.loadI32(Header.KV_HEADS);
      long bytes = 2 * cells * m.loadI32(Header.CONTEXT) * m.loadI32(Header.HEAD_DIM);
      return m.state.asSlice(m.loadI64(area), bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    void sameAs(Finished other) {
      assertArrayEquals(other.output, output);
      assertEquals(other.operators, operators);
      assertArrayEquals(other.tokens, tokens);
      assertArrayEquals(other.keys, keys);
      assertArrayEquals(other.values, values);
    }
  }

  @Test
  void tokensOfTwoRunsAreMadeTogether() throws InterruptedException {
    assumeTrue(Emission.has(Level.AVX2), "without emitted kernels every run goes alone");
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, MODEL, 2);
        Team team = new Team(2);
        Batcher batcher = new Batcher(team)) {
      List<Run> alone = new ArrayList<>();
      List<Run> together = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        alone.add(atForward(engine.start(input(i))));
        together.add(atForward(engine.start(input(i))));
        batcher.join();
        NativeMemory m = alone.get(i).memory();
        while (m.loadI32(Control.PHASE) != Guest.P_SAMPLE) {
          alone.get(i).operator();
        }
      }
      Thread other = Thread.ofPlatform().start(() -> toLogits(batcher, together.get(1)));
      toLogits(batcher, together.get(0));
      other.join();
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(logits(alone.get(i)), logits(together.get(i)));
        alone.get(i).close();
        together.get(i).close();
      }
    }
  }

  private static void toLogits(Batcher batcher, Run run) {
    NativeMemory m = run.memory();
    while (m.loadI32(Control.PHASE) == Guest.P_FORWARD) {
      int ahead = m.loadI32(Control.TOKEN_COUNT) - 1 - m.loadI32(Control.POSITION);
      if (batcher.tokens(m, Watch.NONE, Math.min(3, ahead)) == 0) {
        throw new AssertionError("a member is never alone while the other has not left");
      }
    }
  }

  private static Run atForward(Run run) {
    while (run.memory().loadI32(Control.PHASE) != Guest.P_FORWARD) {
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
