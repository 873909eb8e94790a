package opml.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.inference.CorruptedEngine;
import opml.inference.Engine;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that fault: whether the machine does so too tells a false claim from a broken memory. */
class FaultedTest {
  private static final byte[] INPUT = Request.ask("What is 2 plus 2?", 4).encode();
  private static final byte[] CLAIMED = new byte[Answer.HEADER + 5];

  @TempDir private Path home;

  private static Faulted replay(Model model) {
    return assertThrows(Faulted.class, () -> model.replay(INPUT, CLAIMED, text -> {}));
  }

  @Test
  void weightsThatMakeTheGuestFaultDoSoInTheMachine() throws IOException {
    long texts;
    try (ModelImage good = new ModelStore(home).open("opml-tiny", Progress.NONE)) {
      texts = CorruptedEngine.texts(good.weightsSegment());
    }
    Path folder = home.resolve("models/opml-tiny");
    try (RandomAccessFile weights =
        new RandomAccessFile(folder.resolve("weights.bin").toFile(), "rw")) {
      weights.seek(texts);
      weights.write(new byte[] {-1, -1, -1, 127});
    }
    try (ModelImage image = ModelImage.open(folder);
        Engine engine = new Engine(image, 1)) {
      Model model = new Model(image, new byte[20], engine, 0);
      Faulted fault = replay(model);
      assertTrue(model.faultsInMachine(INPUT, fault.operators()));
      assertFalse(model.faultsInMachine(INPUT, fault.operators() - 1), "the one before");
    }
  }

  @Test
  void brokenMemoryMakesTheEngineFaultAlone() throws IOException {
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE);
        Engine good = new Engine(image, 1);
        Engine broken = CorruptedEngine.textless(image)) {
      Model model = new Model(image, new byte[20], broken, 0);
      Faulted fault = replay(model);
      assertFalse(model.faultsInMachine(INPUT, fault.operators()));
      Model.Outcome right =
          new Model(image, new byte[20], good, 0).replay(INPUT, CLAIMED, text -> {});
      assertEquals(4, Answer.decode(right.output()).completionTokens());
    }
  }
}
