package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.request.Request;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of finished runs of the trained model that ships. */
class ShadowAuditTest {
  private static final byte[] INPUT = Request.ask("What is 2 plus 3?", 6).encode();

  @TempDir static Path home;

  private static Run finished(Engine engine, byte[] input) {
    Run run = engine.start(input);
    run.finish(text -> {}, () -> false);
    assertTrue(run.exited());
    return run;
  }

  @BeforeAll
  static void importOnce() throws Exception {
    new ModelStore(home).open("opml-tiny", Progress.NONE).close();
  }

  private static ModelImage open() throws Exception {
    return new ModelStore(home).open("opml-tiny", Progress.NONE);
  }

  @Test
  void everyKindOfOperatorOfAnHonestRunIsEqual() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run run = finished(engine, INPUT)) {
      ShadowAudit audit = new ShadowAudit(image, engine);
      byte[] output = run.output();
      long count = run.operators();
      for (long i = 0; i < count; i += i < 12 || i > count - 40 ? 1 : 23) {
        assertEquals("", audit.check(run, i));
      }
      Random random = new Random(5);
      for (int i = 0; i < 20; i++) { // in any order: a replayed token leaves what was there
        assertEquals("", audit.check(run, random.nextLong(count)));
      }
      assertEquals("", audit.check(run, count - 1));
      assertArrayEquals(output, run.output());
    }
  }

  @Test
  void answersMadeTogetherAreAuditedTokenByToken() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2)) {
      List<Run> runs = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Run run = engine.start(Request.ask("What is " + i + " plus 3?", 6 + i).encode());
        runs.add(run);
        threads.add(Thread.ofPlatform().start(() -> run.finish(text -> {}, () -> false)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      ShadowAudit audit = new ShadowAudit(image, engine);
      Random random = new Random(7);
      for (Run run : runs) {
        for (int i = 0; i < 12; i++) {
          assertEquals("", audit.check(run, random.nextLong(run.operators())));
        }
        run.close();
      }
    }
  }

  @Test
  void aWrongKernelIsFoundByAnOperatorThatUsesIt() throws Exception {
    try (ModelImage image = open();
        Engine engine = CorruptedEngine.of(image, Tensor.DOWN);
        Run run = finished(engine, INPUT)) {
      ShadowAudit audit = new ShadowAudit(image, engine);
      long count = run.operators();
      int found = 0;
      for (long i = 0; i < count; i++) {
        String wrong = audit.check(run, i);
        assertTrue(wrong.isEmpty() || wrong.contains("is not as in the VM"), wrong);
        found += wrong.isEmpty() ? 0 : 1;
      }
      // its own operators differ, all others compute the same from what they are given
      int layers = run.memory().loadI32(Header.LAYERS);
      int tokens = run.memory().loadI32(Control.POSITION) + 1;
      assertEquals(layers * tokens, found);
    }
  }

  @Test
  void aTokenThatWasMadeOtherwiseIsFound() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run run = finished(engine, INPUT)) {
      NativeMemory m = run.memory();
      int position = m.loadI32(Control.POSITION) - 2;
      long value = m.loadI64(Header.VALUES) + 2L * position * m.loadI32(Header.HEAD_DIM);
      ShadowAudit audit = new ShadowAudit(image, engine);
      long operator = lastOperatorOf(run, position);
      assertEquals("", audit.check(run, operator));
      m.storeI32(value, m.loadI32(value) ^ 1 << 9);
      String wrong = audit.check(run, operator);
      assertTrue(wrong.contains("leaves other keys or values"), wrong);
    }
  }

  private static long lastOperatorOf(Run run, int position) {
    return run.boundaries().at(position + 1).operators() - 1;
  }

  @Test
  void requestsThatEndBeforeTheFirstTokenAreAudited() throws Exception {
    byte[] input = Request.raw("word ".repeat(2000), 4).encode();
    try (ModelImage image = open();
        Engine engine = new Engine(image, 1);
        Run run = finished(engine, input)) {
      ShadowAudit audit = new ShadowAudit(image, engine);
      assertEquals("", audit.check(run, 0));
      assertEquals("", audit.check(run, run.operators() / 2));
      assertEquals("", audit.check(run, run.operators() - 1));
    }
  }
}
