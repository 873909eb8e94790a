package opml.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import opml.guest.Tensor;
import opml.guest.synth.TinyModel;
import opml.request.Answer;
import opml.request.Request;
import org.junit.jupiter.api.Test;

/** The most operators that an answer can take are known before the model runs. */
class LongestAnswerTest {
  private final TinyModel model =
      TinyModel.random(
          TinyModel.smallest(),
          new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1, Tensor.Q8_0},
          7);

  /** Reached by answers that no stop token ends, and by no other. */
  @Test
  void anAnswerThatGoesOnToItsEndTakesAllOfThem() {
    int whole = 0;
    try (Arena arena = Arena.ofShared();
        Engine engine = PrefillTest.engine(arena, model, 1)) {
      for (float temperature : new float[] {0, 0.7f}) {
        for (int tokens : new int[] {1, 2, 5, 64}) {
          for (String text : List.of("a", "abc", "What is 1 plus 1?", "")) {
            Request.Message message = new Request.Message(null, text);
            byte[] input = new Request(List.of(message), tokens, temperature, 0, 1f, 3).encode();
            long most = engine.mostOperators(input);
            try (Run run = engine.start(input)) {
              run.finish(piece -> {}, () -> false);
              boolean longest = Answer.decode(run.output()).status() == Answer.Status.LENGTH;
              assertTrue(run.operators() <= most, run.operators() + " of " + most);
              if (longest) {
                assertEquals(most, run.operators());
                whole++;
              }
            }
          }
        }
      }
    }
    assertTrue(whole > 0);
  }
}
