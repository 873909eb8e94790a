package opml.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import opml.guest.synth.TinyModel;
import opml.request.Request;
import org.junit.jupiter.api.Test;

final class ForwardTest {
  private static final int[][] TYPES = {
    {Tensor.Q8_0},
    {Tensor.Q4_0},
    {Tensor.Q4_1},
    {Tensor.Q5_1},
    {
      Tensor.Q8_0,
      Tensor.Q4_1,
      Tensor.Q4_0,
      Tensor.Q5_1,
      Tensor.Q8_0,
      0,
      Tensor.Q4_0,
      Tensor.Q4_1,
      Tensor.Q4_1
    }
  };

  @Test
  void logitsComeCloseToFloatActivationsForEveryMatrixType() {
    for (int[] types : TYPES) {
      compare(TinyModel.random(TinyModel.smallest(), types, 7), "A question, 12 words?", 3e-3);
    }
  }

  @Test
  void kFormatsBiasesAndAnOutputMatrixComeCloseToo() {
    int[][] all = {
      {Tensor.Q4_K},
      {Tensor.Q5_K},
      {Tensor.Q6_K},
      {Tensor.Q3_K},
      {Tensor.Q2_K},
      {Tensor.Q6_K, Tensor.Q4_K, Tensor.Q4_K, Tensor.Q6_K, Tensor.Q2_K, 0, Tensor.Q3_K, Tensor.Q5_K}
    };
    for (int[] types : all) {
      compare(TinyModel.random(TinyModel.smallestSuper(), types, 7), "A question?", 2e-2);
      compare(TinyModel.biased(TinyModel.smallestSuper(), types, 8), "A question?", 2e-2);
    }
  }

  @Test
  void oddWidthsAndManyHeadsComeCloseToo() {
    Shape shape = new Shape(288, 1, 9, 3, 32, 352, 300, 40, 1e-6f, 10000.0, 16383);
    compare(TinyModel.random(shape, new int[] {Tensor.Q4_1}, 8), "abc", 3e-3);
  }

  @Test
  void theFastFormIsCoarser() {
    Shape s = TinyModel.smallest();
    Shape fast = new Shape(64, 2, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 1023);
    double exact = compare(TinyModel.random(s, new int[] {Tensor.Q8_0}, 7), "text", 3e-3);
    double coarse = compare(TinyModel.random(fast, new int[] {Tensor.Q8_0}, 7), "text", 3e-2);
    assertTrue(coarse > exact);
  }

  /**
   * Largest relative difference of the logits, over the prompt's last token and two generated ones.
   */
  private static double compare(TinyModel model, String text, double tolerance) {
    Trial trial = new Trial(model, Request.raw(text, 3));
    Reference reference = new Reference(trial.memory, model.shape().ropeBase());
    double worst = 0;
    int done = 0;
    for (int round = 0; round < 3; round++) {
      trial.untilPhase(Guest.P_SAMPLE);
      int count = trial.memory.loadI32(Control.TOKEN_COUNT);
      assertEquals(text.length() + round, count);
      double[] expected = null;
      for (; done < count; done++) {
        long token = trial.memory.loadI64(Header.TOKENS) + 4L * done;
        expected = reference.logits(done, trial.memory.loadI32(token));
      }
      double sum = 0;
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        float logit = trial.memory.loadF32(trial.memory.loadI64(Header.LOGITS) + 4L * i);
        difference = Math.max(difference, Math.abs(logit - expected[i]));
        sum += expected[i] * expected[i];
      }
      worst = Math.max(worst, difference / Math.sqrt(sum / expected.length));
      trial.step();
    }
    assertTrue(worst < tolerance, "relative difference " + worst);
    return worst;
  }
}
