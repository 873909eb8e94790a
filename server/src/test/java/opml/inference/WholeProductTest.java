package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import opml.guest.Header;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.request.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices of several operators, made at once where a token is made in one go. */
class WholeProductTest {
  private static final int FFN = 10_240;
  private static final int VOCAB = 20_000;
  private static final byte[] INPUT = Request.raw("abc", 5).encode();

  @ParameterizedTest
  @ValueSource(ints = {Tensor.Q4_0, Tensor.Q8_0, Tensor.Q4_K})
  void leaveAtEveryTokenBoundaryWhatSingleOperatorsLeave(int type) {
    assertTrue(2 * FFN > Header.MAX_GROUPS && VOCAB > Header.MAX_GROUPS, "several operators each");
    Shape shape = new Shape(256, 2, 4, 2, 64, FFN, VOCAB, 64, 1e-5f, 10000.0, 16383);
    TinyModel model = TinyModel.random(shape, new int[] {type}, 3);
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, model, 2);
        Run single = engine.start(INPUT)) {
      List<byte[]> states = new ArrayList<>();
      List<Long> boundaries = new ArrayList<>();
      boolean goesOn = true;
      while (goesOn) {
        if (Prefill.atBoundary(single.memory())) {
          boundaries.add(single.operators());
          states.add(single.stateHash());
        }
        goesOn = single.operator();
      }
      assertTrue(single.exited() && boundaries.size() > 5, "an answer of some tokens");
      for (long at : boundaries) {
        try (Run run = engine.start(INPUT)) {
          run.finish(text -> {}, () -> run.operators() >= at);
          int i = boundaries.indexOf(run.operators()); // a prompt goes some tokens at a time
          assertTrue(i >= 0, "stops at a token boundary");
          assertArrayEquals(states.get(i), run.stateHash(), "boundary " + i);
        }
      }
      try (Run run = engine.start(INPUT)) {
        run.finish(text -> {}, () -> false);
        assertEquals(single.operators(), run.operators());
        assertArrayEquals(single.stateHash(), run.stateHash());
      }
    }
  }
}
