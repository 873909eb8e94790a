package opml.perceptron;

import opml.guest.Bounds;
import opml.guest.Memory;
import opml.guest.Tensor;

/** Whether the model is within the caps: a wrong shape could take an operator past its budget. */
final class Model {
  private Model() {}

  static boolean good(Memory m) {
    int layers = m.loadI32(PerceptronHeader.LAYERS);
    boolean good =
        m.loadI32(PerceptronHeader.MAGIC) == PerceptronHeader.MAGIC_VALUE
            && m.loadI32(PerceptronHeader.VERSION) == 1
            && within(m.loadI32(PerceptronHeader.INPUTS), PerceptronHeader.MAX_WIDTH)
            && within(layers, PerceptronHeader.MAX_LAYERS)
            && within(m.loadI32(PerceptronHeader.LIMIT), 16383);
    return good && layers(m, layers);
  }

  private static boolean layers(Memory m, int layers) {
    long t = m.loadI64(PerceptronHeader.TENSORS);
    int before = m.loadI32(PerceptronHeader.INPUTS) + 31 & -32;
    boolean good = true;
    for (int i = 0; i < layers; i++) {
      Bounds.loop(PerceptronHeader.MAX_LAYERS);
      int rows = m.loadI32(t + Tensor.ROWS);
      boolean last = i + 1 == layers;
      good =
          good
              && m.loadI32(t + Tensor.TYPE) == Tensor.Q8_0
              && m.loadI32(t + Tensor.COLUMNS) == before
              && within(rows, last ? PerceptronHeader.MAX_CLASSES : PerceptronHeader.MAX_WIDTH)
              && (last || (rows & 31) == 0)
              && m.loadI32(t + Tensor.BYTES + Tensor.TYPE) == Tensor.F32
              && m.loadI32(t + Tensor.BYTES + Tensor.ROWS) == 1
              && m.loadI32(t + Tensor.BYTES + Tensor.COLUMNS) == rows;
      before = rows;
      t += 2 * Tensor.BYTES;
    }
    return good;
  }

  /** 1..max. */
  private static boolean within(int value, int max) {
    return value > 0 && value <= max;
  }
}
