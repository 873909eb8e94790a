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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.guest.Control;
import opml.guest.Header;
import opml.guest.Tensor;
import opml.request.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of finished runs of the trained model that ships. */
class ShadowAuditTest {
  private static final byte[] INPUT = Request.ask("What is 2 plus 3?", 6).encode();

  @TempDir static Path home;
  private static ModelImage image;
  private static Engine honest;

  @BeforeAll
  static void open() throws Exception {
    image = new ModelStore(home).open("opml-tiny", Progress.NONE);
    honest = new Engine(image, 2);
  }

  @AfterAll
  static void close() {
    honest.close();
    image.close();
  }

  /** A finished run and what its watch has noted. */
  private record Audited(Engine engine, Run run, List<Watch.Glimpse> glimpses) {
    String check(Watch.Glimpse glimpse) {
      return new ShadowAudit(image, engine).check(run, glimpse);
    }

    void isEqual() {
      glimpses.forEach(glimpse -> assertEquals("", check(glimpse)));
    }

    void isFound(String words, Watch.Glimpse glimpse) {
      String wrong = check(glimpse);
      assertTrue(wrong.contains(words), wrong);
    }

    int word(long address) {
      return run.memory().loadI32(address);
    }

    long token(int index) {
      return run.memory().loadI64(Header.TOKENS) + 4L * index;
    }
  }

  private static void audit(Engine engine, byte[] input, Watch watch, Consumer<Audited> then) {
    try (Run run = engine.start(input, watch)) {
      run.finish(text -> {}, () -> false);
      assertTrue(run.exited());
      then.accept(new Audited(engine, run, watch.of(run)));
    }
  }

  /** Looks at operators, which a first run of the same input numbers. */
  private static void audit(
      Engine engine, byte[] input, Function<Run, LongStream> operators, Consumer<Audited> then) {
    audit(
        engine,
        input,
        Watch.NONE,
        known -> audit(engine, input, at(known.run, operators.apply(known.run)), then));
  }

  private static Watch at(Run known, LongStream operators) {
    return new Watch(
        operators
            .mapToObj(
                operator -> {
                  Boundaries.Boundary token = known.boundaries().before(operator);
                  int position = token == null ? Watch.BEFORE_TOKENS : token.position();
                  long first = token == null ? 0 : token.operators();
                  return (Watch.Choice) (p, n) -> p == position ? operator - first : -1;
                })
            .toList());
  }

  private static LongStream all(Run known) {
    return LongStream.range(0, known.operators());
  }

  @Test
  void everyOperatorOfAnHonestRunIsEqual() {
    audit(
        honest,
        INPUT,
        ShadowAuditTest::all,
        audited -> {
          byte[] output = audited.run.output();
          List<Watch.Glimpse> shuffled = new ArrayList<>(audited.glimpses);
          Collections.shuffle(shuffled, new Random(5)); // an audit leaves what was there
          shuffled.forEach(glimpse -> assertEquals("", audited.check(glimpse)));
          assertArrayEquals(output, audited.run.output());
        });
  }

  @Test
  void eachOperatorHasTheSameChance() {
    int looks = 20_000;
    audit(
        honest,
        INPUT,
        Watch.random(looks, new SplittableRandom(9)),
        audited -> {
          Run run = audited.run;
          Map<Integer, Integer> found = new TreeMap<>();
          audited.glimpses.forEach(glimpse -> found.merge(glimpse.position(), 1, Integer::sum));
          int tokens = run.promptTokens().length + run.completionTokens().length - 1;
          for (int position = Watch.BEFORE_TOKENS; position < tokens; position++) {
            Boundaries.Boundary token = run.boundaries().at(position);
            Boundaries.Boundary next = run.boundaries().at(position + 1);
            long first = position < 0 ? 0 : token.operators();
            long end = next == null ? run.operators() : next.operators();
            double expected = (double) looks * (end - first) / run.operators();
            assertEquals(expected, found.getOrDefault(position, 0), 6 * Math.sqrt(expected) + 60);
          }
        });
  }

  @Test
  void answersMadeTogetherAreAuditedLayerByLayer() throws Exception {
    List<Run> runs = new ArrayList<>();
    List<Watch> watches = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Watch watch = Watch.random(200, new SplittableRandom(i));
      Run run = honest.start(Request.ask("What is " + i + " plus 3?", 6 + i).encode(), watch);
      watches.add(watch);
      runs.add(run);
      threads.add(Thread.ofPlatform().start(() -> run.finish(text -> {}, () -> false)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < 3; i++) {
      try (Run run = runs.get(i)) {
        Audited audited = new Audited(honest, run, watches.get(i).of(run));
        audited.isEqual();
        long noted = audited.glimpses.stream().filter(glimpse -> glimpse.before() != null).count();
        assertTrue(noted > 100, noted + " layers were noted");
      }
    }
  }

  @Test
  void aWrongKernelIsFoundByAnOperatorThatUsesIt() {
    try (Engine engine = CorruptedEngine.of(image, Tensor.DOWN)) {
      audit(
          engine,
          INPUT,
          ShadowAuditTest::all,
          audited -> {
            int found = 0;
            for (Watch.Glimpse glimpse : audited.glimpses) {
              String wrong = audited.check(glimpse);
              assertTrue(wrong.isEmpty() || wrong.contains("is not as in the VM"), wrong);
              found += wrong.isEmpty() ? 0 : 1;
            }
            // its own operators differ, all others compute the same from what they are given
            int tokens = audited.word(Control.POSITION) + 1;
            assertEquals(audited.word(Header.LAYERS) * tokens, found);
          });
    }
  }

  @Test
  void aLayerThatWasMadeOtherwiseIsFound() {
    audit(
        honest,
        INPUT,
        known -> {
          int position = known.memory().loadI32(Control.POSITION) - 2;
          long first = known.boundaries().at(position).operators();
          long last = known.boundaries().at(position + 1).operators() - 1;
          return LongStream.of(first + 1, last);
        },
        audited -> {
          Watch.Glimpse layer = audited.glimpses.get(0);
          Watch.Glimpse end = audited.glimpses.get(1);
          audited.isEqual();

          int position = layer.position();
          long values = audited.run.memory().loadI64(Header.VALUES);
          long value = values + 2L * position * audited.word(Header.HEAD_DIM);
          audited.run.flip(value, 1 << 9);
          audited.isFound("leaves other keys or values", layer);
          audited.run.flip(value, 1 << 9);

          layer.after()[3] = Math.nextUp(layer.after()[3]);
          audited.isFound("hands on another vector", layer);

          audited.run.flip(audited.token(position + 1), 1);
          audited.isFound("another token follows", end);
        });
  }

  @Test
  void tokensThatWereBegunTogetherAfterTheOneThatEndsARunAreNoneOfIt() {
    try (Engine engine = CorruptedEngine.notFinite(image)) {
      audit(
          engine,
          INPUT,
          Watch.random(100, new SplittableRandom(3)),
          audited -> {
            assertEquals(0, audited.word(Control.POSITION));
            int later = 0;
            int equal = 0;
            for (Watch.Glimpse glimpse : audited.glimpses) {
              String wrong = audited.check(glimpse);
              later += glimpse.position() > 0 ? 1 : 0;
              equal += wrong.isEmpty() ? 1 : 0;
              assertTrue(wrong.isEmpty() || wrong.contains("in the VM"), wrong);
            }
            assertTrue(later > 0 && equal > 0, later + " later ones, " + equal + " equal");
          });
    }
  }

  @Test
  void anAnswerThatEndsWhereTheModelGoesOnIsFound() {
    audit(
        honest,
        INPUT,
        Watch.NONE,
        known -> {
          int position = known.word(Control.POSITION) - 1;
          long end = known.run.boundaries().at(position + 1).operators();
          Watch watch = at(known.run, LongStream.of(end - 1));
          try (Run run = honest.start(INPUT, watch)) {
            run.finish(text -> {}, () -> run.operators() >= end); // as if it had ended
            Audited audited = new Audited(honest, run, watch.of(run));
            audited.isFound("nothing follows", audited.glimpses.getFirst());
          }
        });
  }

  @Test
  void otherTokensOfThePromptAreFound() {
    audit(
        honest,
        INPUT,
        known -> LongStream.of(1),
        audited -> {
          audited.isEqual();
          audited.run.flip(audited.token(2), 1);
          audited.isFound("the prompt has other tokens", audited.glimpses.getFirst());
        });
  }

  @Test
  void sampledAnswersAndPromptsOfOneTokenAreEqual() {
    Request.Message message = new Request.Message(null, "x");
    byte[] sampled = new Request(List.of(message), 12, 0.9f, 40, 0.95f, 5).encode();
    audit(honest, sampled, ShadowAuditTest::all, Audited::isEqual);
    audit(honest, Request.raw("x", 1).encode(), ShadowAuditTest::all, Audited::isEqual);
  }

  @Test
  void requestsThatEndBeforeTheFirstTokenAreAudited() {
    byte[] input = Request.raw("word ".repeat(2000), 4).encode();
    audit(
        honest,
        input,
        known -> LongStream.of(0, known.operators() / 2, known.operators() - 1),
        Audited::isEqual);
  }
}
