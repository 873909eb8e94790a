package opml.dispute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import opml.game.Trace;
import opml.step.StepVerifier;
import org.junit.jupiter.api.Test;

class ReplayTraceTest {
  private static final MachineProgram PROGRAM = ToyGuest.program();
  private static final byte[] INPUT = ToyGuest.input("seven and more");

  @Test
  void aRunGivesItsAnswer() {
    Answered answer = Answered.by(PROGRAM, INPUT);
    assertNotNull(answer);
    assertEquals(15, answer.operators());
    assertEquals(1, answer.h());
    assertTrue(answer.text().matches("[0-9a-f]{16}"), answer.text());
  }

  @Test
  void everyWitnessLeadsFromItsStateToTheNext() {
    ReplayTrace trace = new ReplayTrace(PROGRAM, INPUT);
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      long operator = random.nextInt(17);
      long step =
          switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> (1 << 24) - 1;
            default -> random.nextInt(240);
          };
      long index = operator << 24 | step;
      byte[] both = StepVerifier.verify(trace.witness(index), step == 0);
      assertArrayEquals(trace.state(index), Arrays.copyOf(both, 32), "pre " + index);
      assertArrayEquals(trace.state(index + 1), Arrays.copyOfRange(both, 32, 64), "post " + index);
    }
  }

  @Test
  void aListOfStatesIsTheStatesOneByOne() {
    ReplayTrace one = new ReplayTrace(PROGRAM, INPUT);
    for (int log2 = 0; log2 <= 24; log2 += 6) {
      long from = (3L << 24) + (log2 < 24 ? 1 << log2 : 0);
      List<byte[]> states = new ReplayTrace(PROGRAM, INPUT).states(from, 1L << log2, 63);
      for (int i = 62; i >= 0; i -= 5) {
        assertArrayEquals(one.state(from + ((long) i << log2)), states.get(i));
      }
    }
  }

  @Test
  void afterTheExitNothingChanges() {
    ReplayTrace trace = new ReplayTrace(PROGRAM, INPUT);
    Answered answer = Answered.by(PROGRAM, INPUT);
    byte[] exit = Answered.exit(answer.output(), PROGRAM.sizes().output());
    assertArrayEquals(exit, trace.state(15L << 24));
    assertArrayEquals(exit, trace.state((14L << 24) + 5000));
    assertArrayEquals(exit, trace.state(1L << 48));
    assertFalse(Arrays.equals(exit, trace.state((14L << 24) + 5)));
  }

  @Test
  void aLiarBelievesAnotherAnswerAndIsRightUntilTheFault() {
    Answered truth = Answered.by(PROGRAM, INPUT);
    ReplayTrace honest = new ReplayTrace(PROGRAM, INPUT);
    for (Lie lie : Lie.values()) {
      for (long seed = 0; seed < 5; seed++) {
        Liar liar = Liar.plant(PROGRAM, INPUT, truth, lie, seed);
        assertFalse(Arrays.equals(truth.output(), liar.answer().output()), lie.name());
        byte[] exit = Answered.exit(liar.answer().output(), PROGRAM.sizes().output());
        long end = 1L << 6 * liar.answer().h() + 24;
        assertArrayEquals(exit, liar.trace().state(end));
        checkOneWrongStep(honest, liar.trace(), end);
      }
    }
  }

  /** Bisects to the first difference: only that step of the liar's trace is wrong. */
  private static void checkOneWrongStep(Trace honest, Trace lying, long end) {
    long low = 0;
    long high = end;
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (Arrays.equals(honest.state(middle), lying.state(middle))) {
        low = middle;
      } else {
        high = middle;
      }
    }
    byte[] wrong = StepVerifier.verify(lying.witness(low), (low & 0xffffff) == 0);
    assertFalse(Arrays.equals(lying.state(high), Arrays.copyOfRange(wrong, 32, 64)));
    for (long index = high; index < high + 50; index++) {
      byte[] both = StepVerifier.verify(lying.witness(index), (index & 0xffffff) == 0);
      assertArrayEquals(lying.state(index), Arrays.copyOf(both, 32));
      assertArrayEquals(lying.state(index + 1), Arrays.copyOfRange(both, 32, 64));
    }
  }
}
