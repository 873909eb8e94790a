package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.guest.Control;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trained model that ships: native kernels and VM in one state after every operator. */
class AuditTest {
  @Test
  void everyOperatorOfAnAnswerLeavesTheStateOfTheMachine(@TempDir Path home) throws Exception {
    byte[] input = Request.ask("What is 2 plus 3?", 4).encode();
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine engine = new Engine(image, 2);
        Run run = engine.start(input)) {
      Audit audit = new Audit(image, input);
      while (!run.exited()) {
        long position = run.memory().loadI32(Control.POSITION);
        assertTrue(
            audit.operator(run), "operator " + (run.operators() - 1) + ", position " + position);
        assertFalse(run.faulted(), run.faultReason());
      }
      assertTrue(Answer.decode(run.output()).completionTokens() > 1);
      assertTrue(audit.most() < 1 << 22, "largest operator " + audit.most());
    }
  }

  @Test
  void aChangedActivationIsFound(@TempDir Path home) throws Exception {
    byte[] input = Request.ask("Hello", 2).encode();
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine engine = new Engine(image, 1);
        Run run = engine.start(input)) {
      run.replayTo(20);
      Audit other = new Audit(image, Request.ask("Hellp", 2).encode());
      assertFalse(other.operator(run));
      assertTrue(new Audit(image, input).operator(run));
      assertEquals(22, run.operators());
    }
  }
}
