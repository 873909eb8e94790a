package opml.jit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import opml.catalog.ModelImage;
import opml.catalog.ModelStore;
import opml.catalog.Progress;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translated code and the interpreter: the same states, wherever a run stops. */
class BytecodeTranslationTest {
  @Test
  void aWholeAnswerOfTheTrainedModel(@TempDir Path home) throws Exception {
    try (ModelImage image = new ModelStore(home).open("opml-tiny", Progress.NONE)) {
      RegionSizes s = image.sizes();
      byte[] input = Request.ask("What is 2 plus 3?", 4).encode();
      Machine plain =
          new Machine(
              s,
              image.code(),
              new BytePages(input, s.input()),
              image.weights(),
              new BytePages(new byte[0], s.state()),
              new BytePages(new byte[0], s.output()));
      Machine translated = plain.copy().translated(image.translation());
      Random r = new Random(5);
      for (int operator = 0; plain.status() == Machine.YIELDED; operator++) {
        plain.resume();
        translated.resume();
        while (plain.status() == Machine.RUNNING) {
          int budget = r.nextInt(r.nextBoolean() ? 2000 : 1 << 22);
          assertEquals(plain.run(budget), translated.run(budget));
          if (r.nextInt(8) == 0) {
            assertArrayEquals(plain.stateHash(), translated.stateHash(), "operator " + operator);
          }
        }
        assertArrayEquals(plain.stateHash(), translated.stateHash(), "operator " + operator);
      }
      assertEquals(Machine.EXITED, translated.status());
    }
  }

  @Test
  void randomPrograms() {
    long steps = 0;
    for (int seed = 0; seed < 1500; seed++) {
      RandomProgram program = new RandomProgram(new Random(seed));
      Machine plain = program.machine();
      Machine translated = program.machine();
      translated.translated(new BytecodeTranslation(program.code(), RandomProgram.SIZES.code()));
      plain.resume();
      translated.resume();
      Random r = new Random(seed);
      for (int part = 0; part < 4; part++) {
        int budget = 257 + r.nextInt(500);
        long ran = plain.run(budget);
        assertEquals(ran, translated.run(budget), "seed " + seed);
        steps += ran;
        assertEquals(plain.faultReason(), translated.faultReason(), "seed " + seed);
        assertArrayEquals(plain.preimage(), translated.preimage(), "seed " + seed);
      }
    }
    assertTrue(steps > 50_000, steps + " instructions are hardly a test");
  }

  @Test
  void aTranslationOfAnotherProgramIsRefused() {
    RandomProgram one = new RandomProgram(new Random(1));
    RandomProgram other = new RandomProgram(new Random(1));
    BytecodeTranslation of = new BytecodeTranslation(other.code(), RandomProgram.SIZES.code());
    assertThrows(IllegalArgumentException.class, () -> one.machine().translated(of));
  }
}
