package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoTest {
  private static LocalStage local;

  @BeforeAll
  static void start() {
    local = new LocalStage();
  }

  @AfterAll
  static void end() {
    local.close();
  }

  @ParameterizedTest
  @CsvSource({
    "true,OUTPUT", "true,ACTIVATION", "true,INSTRUCTION",
    "false,OUTPUT", "false,ACTIVATION", "false,INSTRUCTION"
  })
  void theLiarLosesTheBondAndTheRightAnswerStands(boolean proposerLies, Lie lie) {
    List<Played> heard = new ArrayList<>();
    Demo demo =
        new Demo(
            local.stage(),
            ToyGuest.program(),
            ToyGuest.input("who lies?"),
            proposerLies,
            heard::add);
    Verdict verdict = demo.play(lie, 5);
    assertTrue(verdict.liarSlashed());
    assertTrue(verdict.honestRepaid());
    assertTrue(verdict.answerRight());
    assertTrue(verdict.asItShould());
    assertNotEquals(verdict.truth(), verdict.lie());
    assertEquals(heard, verdict.moves());
    // Rationale: opening, five reveals, five picks and the proof of one step.
    assertEquals(12, heard.size());
    for (int i = 1; i < heard.size(); i++) {
      assertEquals(i - 1, heard.get(i).before().moves(), "each move answers the one before it");
    }
    assertTrue(verdict.stepGas() <= 110_000, "step gas " + verdict.stepGas());
    assertTrue(
        verdict.gasProposer() + verdict.gasChallenger() <= 1_500_000,
        verdict.gasProposer() + " and " + verdict.gasChallenger());
  }

  @ParameterizedTest
  @CsvSource({"true,OUTPUT", "true,ACTIVATION", "false,OUTPUT", "false,INSTRUCTION"})
  void noRunIsHeldWhileTimePasses(boolean proposerLies, Lie lie) {
    CountedRuns program = new CountedRuns(ToyGuest.program());
    Stage stage = local.stage();
    List<Integer> held = new ArrayList<>();
    Stage watched =
        new Stage(
            stage.chain(),
            stage.contracts(),
            stage.requester(),
            stage.proposer(),
            stage.challenger(),
            seconds -> {
              held.add(program.held());
              stage.pass().accept(seconds);
            });
    Demo demo = new Demo(watched, program, ToyGuest.input("hold?"), proposerLies, move -> {});
    assertTrue(demo.play(lie, 7).asItShould());
    assertTrue(program.most() > 1, "both sides had one");
    assertFalse(held.isEmpty());
    assertEquals(List.of(), held.stream().filter(runs -> runs > 0).toList());
  }
}
