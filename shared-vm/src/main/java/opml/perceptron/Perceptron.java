package opml.perceptron;

import opml.guest.Bounds;
import opml.guest.Control;
import opml.guest.Memory;
import opml.guest.Tensor;
import opml.guest.Wire;

/**
 * The program: one operator a call. The first one checks model and request and takes the image in,
 * then comes one a layer, the last one writes the answer: the most likely class as a digit, then
 * the probability of each class in thousandths.
 */
public final class Perceptron {
  private static final int START = 0;
  private static final int LAYER = 1;

  /** The answer stands; its header is to be written. */
  static final int FINISH = 2;

  private Perceptron() {}

  /**
   * Runs one operator.
   *
   * @return 0 = YIELD, 1 = EXIT
   */
  public static int step(Memory m) {
    int phase = m.loadI32(Control.PHASE);
    if (phase == START) {
      start(m);
      return 0;
    }
    if (phase == LAYER) {
      layer(m);
      return 0;
    }
    m.storeI32(Wire.OUTPUT, m.loadI32(Control.STATUS));
    m.storeI32(Wire.OUTPUT + 12, m.loadI32(Control.TEXT_LENGTH));
    return 1;
  }

  private static void start(Memory m) {
    if (!Model.good(m)) {
      end(m, Wire.BAD_MODEL);
      return;
    }
    int n = m.loadI32(PerceptronHeader.INPUTS);
    if (m.loadI32(Wire.KIND) != Wire.IMAGE || m.loadI32(Wire.BODY_LENGTH) != n) {
      end(m, Wire.BAD_REQUEST);
      return;
    }
    for (int i = 0; i < n; i++) {
      Bounds.loop(PerceptronHeader.MAX_WIDTH);
      float value = (float) m.loadU8(Wire.BODY + (long) i);
      m.storeF32(PerceptronHeader.VALUES + ((long) i << 2), value * (1f / 255f));
    }
    m.storeI32(Control.PHASE, LAYER);
  }

  private static void layer(Memory m) {
    int layer = m.loadI32(Control.LAYER);
    long weight = m.loadI64(PerceptronHeader.TENSORS) + (long) (layer << 1) * Tensor.BYTES;
    int rows = m.loadI32(weight + Tensor.ROWS);
    int limit = m.loadI32(PerceptronHeader.LIMIT);
    int columns = m.loadI32(weight + Tensor.COLUMNS);
    if (m.quantize(PerceptronHeader.VALUES, columns, limit, PerceptronHeader.QUANTIZED) != 0) {
      end(m, Wire.NUMERIC);
      return;
    }
    m.matrix(weight, 0, rows, PerceptronHeader.QUANTIZED, PerceptronHeader.VALUES);
    long bias = m.loadI64(weight + Tensor.BYTES + Tensor.PLANES);
    m.add(PerceptronHeader.VALUES, bias, rows);
    if (layer + 1 < m.loadI32(PerceptronHeader.LAYERS)) {
      rectify(m, rows);
      m.storeI32(Control.LAYER, layer + 1);
    } else {
      end(m, Classes.write(m, rows));
    }
  }

  /** x_i = x_i where it is above zero, else +0. */
  private static void rectify(Memory m, int n) {
    long x = PerceptronHeader.VALUES;
    for (int i = 0; i < n; i++) {
      Bounds.loop(PerceptronHeader.MAX_WIDTH);
      float value = m.loadF32(x);
      m.storeF32(x, value > 0f ? value : 0f);
      x += 4;
    }
  }

  private static void end(Memory m, int status) {
    m.storeI32(Control.STATUS, status);
    m.storeI32(Control.PHASE, FINISH);
  }
}
