package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import opml.catalog.ModelImage;
import opml.request.Answer;
import opml.request.Request;
import opml.world.LargeModel;
import org.junit.jupiter.api.Test;

/** A sample of what {@code opml vm audit} does with all operators of a published model's answer. */
class LargeModelAuditTest {
  private static final int ONE_IN = 60;

  @Test
  void sampledOperatorsLeaveTheStatesOfTheMachine() throws Exception {
    byte[] input = Request.ask("What is the capital of France?", 3).encode();
    Random draw = new Random(3);
    int compared = 0;
    try (ModelImage image = LargeModel.open();
        Engine engine = new Engine(image, 2);
        Run run = engine.start(input)) {
      Audit audit = new Audit(image, input);
      while (!run.exited()) {
        if (draw.nextInt(ONE_IN) == 0) {
          compared++;
          assertTrue(audit.operator(run), "operator " + (run.operators() - 1));
        } else {
          run.operator();
        }
        assertFalse(run.faulted(), run.faultReason());
      }
      assertTrue(compared > 50, "compared " + compared);
      assertEquals("The capital of", Answer.decode(run.output()).text());
    }
  }
}
