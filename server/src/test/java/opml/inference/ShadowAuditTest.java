package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
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

  @BeforeAll
  static void importOnce() throws Exception {
    new ModelStore(home).open("opml-tiny", Progress.NONE).close();
  }

  private static ModelImage open() throws Exception {
    return new ModelStore(home).open("opml-tiny", Progress.NONE);
  }

  private static Run finished(Engine engine, byte[] input, Watch watch) {
    Run run = engine.start(input, watch);
    run.finish(text -> {}, () -> false);
    assertTrue(run.exited());
    return run;
  }

  /** Looks at given operators, which a run of the same input has numbered. */
  private static Watch at(Run known, long... operators) {
    return new Watch(
        LongStream.of(operators)
            .mapToObj(
                operator -> {
                  Boundaries.Boundary token = known.boundaries().before(operator);
                  int position = token == null ? Watch.BEFORE_TOKENS : token.position();
                  long first = token == null ? 0 : token.operators();
                  return (Watch.Choice) (p, n) -> p == position ? operator - first : -1;
                })
            .toList());
  }

  private static Watch everything(Run known) {
    return at(known, LongStream.range(0, known.operators()).toArray());
  }

  @Test
  void everyOperatorOfAnHonestRunIsEqual() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run known = finished(engine, INPUT, Watch.NONE)) {
      Watch watch = everything(known);
      try (Run run = finished(engine, INPUT, watch)) {
        ShadowAudit audit = new ShadowAudit(image, engine);
        byte[] output = run.output();
        List<Watch.Glimpse> glimpses = new ArrayList<>(watch.of(run));
        Collections.shuffle(glimpses, new Random(5)); // an audit leaves what was there
        for (Watch.Glimpse glimpse : glimpses) {
          assertEquals("", audit.check(run, glimpse));
        }
        assertArrayEquals(output, run.output());
      }
    }
  }

  @Test
  void eachOperatorHasTheSameChance() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 1)) {
      int looks = 20_000;
      Watch watch = Watch.random(looks, new SplittableRandom(9));
      try (Run run = finished(engine, INPUT, watch)) {
        Map<Integer, Integer> found = new TreeMap<>();
        watch.of(run).forEach(glimpse -> found.merge(glimpse.position(), 1, Integer::sum));
        int tokens = run.promptTokens().length + run.completionTokens().length - 1;
        for (int position = Watch.BEFORE_TOKENS; position < tokens; position++) {
          Boundaries.Boundary token = run.boundaries().at(position);
          Boundaries.Boundary next = run.boundaries().at(position + 1);
          long first = position < 0 ? 0 : token.operators();
          long end = next == null ? run.operators() : next.operators();
          double expected = (double) looks * (end - first) / run.operators();
          assertEquals(expected, found.getOrDefault(position, 0), 6 * Math.sqrt(expected) + 60);
        }
      }
    }
  }

  @Test
  void answersMadeTogetherAreAuditedLayerByLayer() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2)) {
      List<Run> runs = new ArrayList<>();
      List<Watch> watches = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Watch watch = Watch.random(200, new SplittableRandom(i));
        Run run = engine.start(Request.ask("What is " + i + " plus 3?", 6 + i).encode(), watch);
        watches.add(watch);
        runs.add(run);
        threads.add(Thread.ofPlatform().start(() -> run.finish(text -> {}, () -> false)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      ShadowAudit audit = new ShadowAudit(image, engine);
      for (int i = 0; i < 3; i++) {
        Run run = runs.get(i);
        int noted = 0;
        for (Watch.Glimpse glimpse : watches.get(i).of(run)) {
          assertEquals("", audit.check(run, glimpse));
          noted += glimpse.before() != null ? 1 : 0;
        }
        assertTrue(noted > 100, noted + " layers were noted");
        run.close();
      }
    }
  }

  @Test
  void aWrongKernelIsFoundByAnOperatorThatUsesIt() throws Exception {
    try (ModelImage image = open();
        Engine engine = CorruptedEngine.of(image, Tensor.DOWN);
        Run known = finished(engine, INPUT, Watch.NONE)) {
      Watch watch = everything(known);
      try (Run run = finished(engine, INPUT, watch)) {
        ShadowAudit audit = new ShadowAudit(image, engine);
        int found = 0;
        for (Watch.Glimpse glimpse : watch.of(run)) {
          String wrong = audit.check(run, glimpse);
          assertTrue(wrong.isEmpty() || wrong.contains("is not as in the VM"), wrong);
          found += wrong.isEmpty() ? 0 : 1;
        }
        // its own operators differ, all others compute the same from what they are given
        int layers = run.memory().loadI32(Header.LAYERS);
        int tokens = run.memory().loadI32(Control.POSITION) + 1;
        assertEquals(layers * tokens, found);
      }
    }
  }

  @Test
  void aLayerThatWasMadeOtherwiseIsFound() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run known = finished(engine, INPUT, Watch.NONE)) {
      int position = known.memory().loadI32(Control.POSITION) - 2;
      long first = known.boundaries().at(position).operators();
      long last = known.boundaries().at(position + 1).operators() - 1;
      Watch watch = at(known, first + 1, last);
      try (Run run = finished(engine, INPUT, watch)) {
        NativeMemory m = run.memory();
        ShadowAudit audit = new ShadowAudit(image, engine);
        List<Watch.Glimpse> glimpses = watch.of(run);
        Watch.Glimpse layer = glimpses.get(0);
        Watch.Glimpse end = glimpses.get(1);
        assertEquals("", audit.check(run, layer));
        assertEquals("", audit.check(run, end));

        long value = m.loadI64(Header.VALUES) + 2L * position * m.loadI32(Header.HEAD_DIM);
        m.storeI32(value, m.loadI32(value) ^ 1 << 9);
        assertFound("leaves other keys or values", audit.check(run, layer));
        m.storeI32(value, m.loadI32(value) ^ 1 << 9);

        layer.after()[3] = Math.nextUp(layer.after()[3]);
        assertFound("hands on another vector", audit.check(run, layer));

        long token = m.loadI64(Header.TOKENS) + 4L * (position + 1);
        m.storeI32(token, m.loadI32(token) ^ 1);
        assertFound("another token follows", audit.check(run, end));
      }
    }
  }

  @Test
  void tokensThatWereBegunTogetherAfterTheOneThatEndsARunAreNoneOfIt() throws Exception {
    try (ModelImage image = open();
        Engine engine = CorruptedEngine.notFinite(image)) {
      Watch watch = Watch.random(100, new SplittableRandom(3));
      try (Run run = finished(engine, INPUT, watch)) {
        assertEquals(0, run.memory().loadI32(Control.POSITION));
        ShadowAudit audit = new ShadowAudit(image, engine);
        int later = 0;
        int equal = 0;
        for (Watch.Glimpse glimpse : watch.of(run)) {
          String wrong = audit.check(run, glimpse);
          later += glimpse.position() > 0 ? 1 : 0;
          equal += wrong.isEmpty() ? 1 : 0;
          assertTrue(wrong.isEmpty() || wrong.contains("in the VM"), wrong);
        }
        assertTrue(later > 0 && equal > 0, later + " later ones, " + equal + " equal");
      }
    }
  }

  @Test
  void anAnswerThatEndsWhereTheModelGoesOnIsFound() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run known = finished(engine, INPUT, Watch.NONE)) {
      int position = known.memory().loadI32(Control.POSITION) - 1;
      long end = known.boundaries().at(position + 1).operators();
      Watch watch = at(known, end - 1);
      try (Run run = engine.start(INPUT, watch)) {
        run.finish(text -> {}, () -> run.operators() >= end); // as if it had ended
        assertFound(
            "nothing follows", new ShadowAudit(image, engine).check(run, watch.of(run).getFirst()));
      }
    }
  }

  @Test
  void otherTokensOfThePromptAreFound() throws Exception {
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2);
        Run known = finished(engine, INPUT, Watch.NONE)) {
      Watch watch = at(known, 1);
      try (Run run = finished(engine, INPUT, watch)) {
        ShadowAudit audit = new ShadowAudit(image, engine);
        Watch.Glimpse glimpse = watch.of(run).getFirst();
        assertEquals("", audit.check(run, glimpse));
        long token = run.memory().loadI64(Header.TOKENS) + 8;
        run.memory().storeI32(token, run.memory().loadI32(token) ^ 1);
        assertFound("the prompt has other tokens", audit.check(run, glimpse));
      }
    }
  }

  @Test
  void sampledAnswersAndPromptsOfOneTokenAreEqual() throws Exception {
    byte[] sampled =
        new Request(List.of(new Request.Message(null, "x")), 12, 0.9f, 40, 0.95f, 5).encode();
    try (ModelImage image = open();
        Engine engine = new Engine(image, 2)) {
      for (byte[] input : List.of(sampled, Request.raw("x", 1).encode())) {
        try (Run known = finished(engine, input, Watch.NONE)) {
          Watch watch = everything(known);
          try (Run run = finished(engine, input, watch)) {
            ShadowAudit audit = new ShadowAudit(image, engine);
            for (Watch.Glimpse glimpse : watch.of(run)) {
              assertEquals("", audit.check(run, glimpse));
            }
          }
        }
      }
    }
  }

  private static void assertFound(String words, String wrong) {
    assertTrue(wrong.contains(words), wrong);
  }

  @Test
  void requestsThatEndBeforeTheFirstTokenAreAudited() throws Exception {
    byte[] input = Request.raw("word ".repeat(2000), 4).encode();
    try (ModelImage image = open();
        Engine engine = new Engine(image, 1);
        Run known = finished(engine, input, Watch.NONE)) {
      Watch watch = at(known, 0, known.operators() / 2, known.operators() - 1);
      try (Run run = finished(engine, input, watch)) {
        ShadowAudit audit = new ShadowAudit(image, engine);
        for (Watch.Glimpse glimpse : watch.of(run)) {
          assertEquals("", audit.check(run, glimpse));
        }
      }
    }
  }
}
