package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.inference.Engine;
import opml.request.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way with the project's own model: native replay, the machine, the chain. */
class TinyModelTest {
  private static final byte[] INPUT = Request.ask("What is 2 + 3?", 16).encode();
  @TempDir private static Path home;
  private static ModelImage image;
  private static Engine engine;
  private static Program nativeProgram;
  private static Program interpreted;
  private static LocalStage local;

  @BeforeAll
  static void open() throws IOException {
    image = new ModelStore(home).open("opml-tiny", Progress.NONE);
    engine = new Engine(image, 2);
    nativeProgram = new EngineProgram(image, engine);
    interpreted = new MachineProgram(image.sizes(), image.code(), image.weights());
    local = new LocalStage();
  }

  @AfterAll
  static void close() {
    local.close();
    engine.close();
    image.close();
  }

  @ParameterizedTest
  @CsvSource({
    "true,OUTPUT", "true,ACTIVATION", "true,INSTRUCTION",
    "false,OUTPUT", "false,ACTIVATION", "false,INSTRUCTION"
  })
  void theLiarLosesTheBondAndTheRightAnswerStands(boolean proposerLies, Lie lie) {
    Demo demo = new Demo(local.stage(), nativeProgram, INPUT, proposerLies, move -> {});
    Verdict verdict = demo.play(lie, 11);
    assertTrue(verdict.asItShould(), lie + " by " + (proposerLies ? "proposer" : "challenger"));
    assertEquals("2 + 3 = 5.", verdict.truth());
    assertNotEquals(verdict.truth(), verdict.lie());
    assertTrue(verdict.stepGas() <= 110_000, "step gas " + verdict.stepGas());
    assertTrue(verdict.gasProposer() + verdict.gasChallenger() <= 1_500_000);
  }

  @Test
  void aFaultLeadsToTheSameWrongAnswerNativelyAndInTheMachine() {
    Answered truth = Answered.by(nativeProgram, INPUT);
    for (Lie lie : new Lie[] {Lie.ACTIVATION, Lie.INSTRUCTION}) {
      Liar liar = Liar.plant(nativeProgram, INPUT, truth, lie, 3);
      Answered machine = Answered.by(new FaultyProgram(interpreted, liar.fault()), INPUT);
      assertArrayEquals(liar.answer().output(), machine.output(), lie.name());
      assertEquals(liar.answer().operators(), machine.operators());
    }
  }

  @Test
  void nativeReplayAndTheMachineHaveTheSameTrace() {
    try (ReplayTrace a = new ReplayTrace(nativeProgram, INPUT);
        ReplayTrace b = new ReplayTrace(interpreted, INPUT)) {
      long end = Answered.by(nativeProgram, INPUT).operators();
      for (long operator = 0; operator <= end; operator += 83) {
        assertArrayEquals(a.state(operator << 24), b.state(operator << 24), "after " + operator);
        long inside = (operator << 24) + 1234;
        assertArrayEquals(a.state(inside), b.state(inside));
        assertArrayEquals(a.witness(inside), b.witness(inside));
      }
    }
  }
}
