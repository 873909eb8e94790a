package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import opml.catalog.DigitSample;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.inference.Engine;
import opml.inference.Run;
import opml.inference.ShadowAudit;
import opml.inference.Watch;
import opml.request.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paper's other example: a classifier of handwritten digits, run, replayed and disputed. */
class DigitsTest {
  @TempDir private static Path home;
  private static ModelImage image;
  private static Engine engine;
  private static Program nativeProgram;
  private static Program interpreted;

  @BeforeAll
  static void open() throws IOException {
    image = new ModelStore(home).open("opml-digits", Progress.NONE);
    engine = new Engine(image, 2);
    nativeProgram = new EngineProgram(image, engine);
    interpreted = new MachineProgram(image.sizes(), image.code(), image.weights());
  }

  @AfterAll
  static void close() {
    engine.close();
    image.close();
  }

  @Test
  void readsHandwrittenDigits() {
    int right = 0;
    for (DigitSample sample : DigitSample.all()) {
      String text = Answered.by(nativeProgram, Request.image(sample.pixels())).text();
      right += text.charAt(0) - '0' == sample.label() ? 1 : 0;
    }
    assertTrue(right >= 47, right + " of 50");
  }

  @Test
  void nativeReplayAndTheMachineHaveTheSameTrace() {
    byte[] input = Request.image(DigitSample.all().getFirst().pixels());
    try (ReplayTrace a = new ReplayTrace(nativeProgram, input);
        ReplayTrace b = new ReplayTrace(interpreted, input)) {
      long end = Answered.by(nativeProgram, input).operators();
      assertEquals(5, end);
      for (long operator = 0; operator <= end; operator++) {
        assertArrayEquals(a.state(operator << 24), b.state(operator << 24), "after " + operator);
      }
    }
  }

  @Test
  void auditsOfReadDigitsFindNothing() {
    ShadowAudit audit = new ShadowAudit(image, engine);
    Watch watch = Watch.random(20, new SplittableRandom(1));
    byte[] input = Request.image(DigitSample.all().getFirst().pixels());
    try (Run run = engine.start(input, watch)) {
      run.finish(text -> {}, () -> false);
      for (Watch.Glimpse glimpse : watch.of(run)) {
        assertEquals("", audit.check(run, glimpse));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true,OUTPUT", "true,ACTIVATION", "true,INSTRUCTION",
    "false,OUTPUT", "false,ACTIVATION", "false,INSTRUCTION"
  })
  void theLiarLosesTheBondAndTheRightAnswerStands(boolean proposerLies, Lie lie) {
    byte[] input = Request.image(DigitSample.all().getFirst().pixels());
    try (LocalStage local = new LocalStage()) {
      Demo demo = new Demo(local.stage(), nativeProgram, input, proposerLies, move -> {});
      Verdict verdict = demo.play(lie, 11);
      assertTrue(verdict.asItShould(), lie + " by " + (proposerLies ? "proposer" : "challenger"));
      assertTrue(verdict.stepGas() <= 110_000, "step gas " + verdict.stepGas());
    }
  }
}
