package opml.jit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  void jumpsOutOfCodeAtBothOfItsEnds() {
    int end = 32 << RandomProgram.SIZES.code();
    for (int offset : new int[] {-4092, -2048, -1204, 4, 2044, 4092}) {
      outOfCode(end, offset, branch(offset));
    }
    for (int offset : new int[] {-(1 << 20), -65536, -1204, 4, 65536, (1 << 20) - 4}) {
      outOfCode(end, offset, jal(0, offset));
      outOfCode(end, offset, jal(1, offset));
    }
  }

  /** A straight run long enough to be translated, and behind it the jump as the last step. */
  private static void outOfCode(int end, int offset, int jump) {
    final int before = 300;
    ByteBuffer words = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    int from = offset < 0 ? 0 : end - 4 * (before + 1);
    words.putInt(0, jal(0, from));
    for (int i = 0; i < before; i++) {
      words.putInt(from + 4 * i, 0x13); // addi x0, x0, 0
    }
    words.putInt(from + 4 * before, jump);
    BytePages code = new BytePages(words.array(), RandomProgram.SIZES.code());
    Machine plain = RandomProgram.machine(code, new byte[0]);
    Machine translated = plain.copy();
    translated.translated(new BytecodeTranslation(code, RandomProgram.SIZES.code()));
    plain.resume();
    translated.resume();
    for (int steps : new int[] {before + (from == 0 ? 1 : 2), 1}) {
      assertEquals(steps, plain.run(steps));
      assertEquals(steps, translated.run(steps));
      assertArrayEquals(plain.preimage(), translated.preimage(), "by " + offset);
    }
    assertEquals(Machine.FAULTED, translated.status());
    assertEquals(plain.faultReason(), translated.faultReason());
  }

  /** beq x0, x0. */
  private static int branch(int offset) {
    return (offset >> 12 & 1) << 31
        | (offset >> 5 & 63) << 25
        | (offset >> 1 & 15) << 8
        | (offset >> 11 & 1) << 7
        | 0x63;
  }

  private static int jal(int rd, int offset) {
    return (offset >> 20 & 1) << 31
        | (offset >> 1 & 1023) << 21
        | (offset >> 11 & 1) << 20
        | (offset >> 12 & 255) << 12
        | rd << 7
        | 0x6f;
  }

  @Test
  void aTranslationOfAnotherProgramIsRefused() {
    RandomProgram one = new RandomProgram(new Random(1));
    RandomProgram other = new RandomProgram(new Random(1));
    BytecodeTranslation of = new BytecodeTranslation(other.code(), RandomProgram.SIZES.code());
    assertThrows(IllegalArgumentException.class, () -> one.machine().translated(of));
  }
}
