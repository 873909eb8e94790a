package opml.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import opml.catalog.GuestProgram;
import opml.commitment.Merkle;
import opml.guest.ArrayMemory;
import opml.guest.Guest;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.machine.RegionSizes;
import opml.request.Request;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of models of every K format, with and without biases, on twins and on plain kernels. */
class RunFormatsTest {
  private static final byte[] NO_ROOT = new byte[32];

  static Stream<TinyModel> models() {
    int[][] types = {
      {Tensor.Q4_K},
      {Tensor.Q6_K, Tensor.Q5_K},
      {Tensor.Q2_K, Tensor.Q3_K, Tensor.Q4_K, Tensor.Q5_K, Tensor.Q6_K, Tensor.Q8_0, Tensor.Q4_0}
    };
    return Stream.of(types)
        .flatMap(
            t ->
                Stream.of(
                    TinyModel.random(TinyModel.smallestSuper(), t, 11),
                    TinyModel.biased(TinyModel.smallestSuper(), t, 12)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyOperatorLeavesTheRootThatThePlainFormLeaves(TinyModel model) {
    RegionSizes sizes =
        new RegionSizes(7, 10, model.weightsSize(), model.layout().stateSize(), 11, 7);
    byte[] input = Request.raw("ab", 3).encode();
    ArrayMemory plain =
        new ArrayMemory(
            input, model.weights(), sizes.input(), sizes.weights(), sizes.state(), sizes.output());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment w = arena.allocate(model.weights().length, 64);
      MemorySegment.copy(model.weights(), 0, w, ValueLayout.JAVA_BYTE, 0, model.weights().length);
      GuestProgram program = GuestProgram.LANGUAGE_MODEL;
      try (Engine engine = new Engine(program, sizes, w, 2, () -> NO_ROOT, () -> NO_ROOT);
          Run run = engine.start(input)) {
        boolean on = true;
        while (on) {
          on = Guest.step(plain) == 0;
          assertEquals(on, run.operator(), "operator " + run.operators());
          byte[] expected = Merkle.root(bytes(plain.words(0)), sizes.state());
          assertArrayEquals(
              expected, run.memory().statePages.root(), "operator " + run.operators());
        }
        assertTrue(run.completionTokens().length > 1);
      }
    }
  }

  private static byte[] bytes(int[] words) {
    byte[] out = new byte[4 * words.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (words[i >> 2] >>> 8 * (i & 3));
    }
    return out;
  }
}
