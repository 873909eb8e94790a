package opml.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.guest.Control;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.inference.emitted.Emission;
import opml.inference.emitted.Level;
import opml.request.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The token loop leaves no garbage, compiled or not. Before the machine code a token left megabytes
 * or nothing, as the compiler liked.
 */
class AllocationTest {
  /** Bytes a token of all threads; the guest's phases between tokens are in it. */
  private static final long BOUND = 256;

  private static final int WARM_UP = 40;
  private static final int MEASURED = 200;

  @BeforeEach
  void processorRunsEmittedKernels() {
    assumeTrue(Emission.has(Level.AVX2), "without them the Vector API runs, which allocates");
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = threads.getCurrentThreadAllocatedBytes();
    for (long id : helpers()) {
      sum += Math.max(0, threads.getThreadAllocatedBytes(id));
    }
    return sum;
  }

  private static long[] helpers() {
    Set<Thread> all = Thread.getAllStackTraces().keySet();
    return all.stream()
        .filter(t -> t.getName().startsWith("opml-kernel"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static void measure(String what, Runnable token) {
    for (int i = 0; i < WARM_UP; i++) {
      token.run();
    }
    // what counting costs is counted too, and taken off
    long empty = allocated();
    long before = allocated();
    for (int i = 0; i < MEASURED; i++) {
      token.run();
    }
    long bytes = (allocated() - before - (before - empty)) / MEASURED;
    assertTrue(bytes <= BOUND, what + ": " + bytes + " bytes a token");
  }

  private static void decode(String what, Engine engine) {
    try (TokenFeed feed = new TokenFeed(engine)) {
      int[] last = {65};
      measure(what, () -> last[0] = feed.greedy(last[0]));
    }
  }

  @Test
  void decodingOfTheModelThatShips(@TempDir Path home) throws Exception {
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine one = new Engine(image, 1);
        Engine two = new Engine(image, 2)) {
      decode("one thread", one);
      decode("two threads", two);
    }
  }

  @Test
  void decodingInEveryFormat() {
    Shape shape = new Shape(256, 2, 4, 2, 64, 512, 256, 256, 1e-6f, 1e6, 16383);
    for (int type : new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q4_K, Tensor.Q6_K}) {
      TinyModel model = TinyModel.random(shape, new int[] {type}, 7);
      try (Arena arena = Arena.ofShared();
          Engine engine = PrefillTest.engine(arena, model, 2)) {
        decode("type " + type, engine);
      }
    }
  }

  @Test
  void answersThatAreSampled() {
    Shape shape = new Shape(64, 2, 4, 2, 32, 96, 256, 512, 1e-5f, 1e4, 16383);
    TinyModel model = TinyModel.random(shape, new int[] {Tensor.Q4_0}, 8);
    Request.Message text = new Request.Message(null, "some");
    byte[] input = new Request(List.of(text), 500, 0.8f, 40, 0.9f, 7).encode();
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, model, 1);
        Run run = engine.start(input)) {
      measure(
          "sampling",
          () -> {
            int position = run.memory().loadI32(Control.POSITION);
            boolean on = true;
            while (on && run.memory().loadI32(Control.POSITION) == position) {
              on = run.operator();
            }
            assertTrue(on, "the answer is longer");
          });
    }
  }
}
