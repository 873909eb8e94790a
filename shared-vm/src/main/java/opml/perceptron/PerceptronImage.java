package opml.perceptron;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import opml.guest.Tensor;

/** Lays out the content of WEIGHTS: for the importer and generated models. */
public final class PerceptronImage {
  private static final int ALIGNMENT = 64;

  private final int inputs;
  private final int limit;
  private final List<Layer> layers;
  private int end;

  /**
   * A layer of Q8_0.
   *
   * @param columns values that come in, a multiple of 32
   * @param quants rows * columns signed bytes
   * @param scales a little-endian half per 32 values
   * @param bias a value per row
   */
  public record Layer(int columns, byte[] quants, byte[] scales, float[] bias) {}

  /**
   * Plans a model.
   *
   * @param inputs bytes of an image
   * @param limit largest activation magnitude Q
   */
  public PerceptronImage(int inputs, int limit, List<Layer> layers) {
    this.inputs = inputs;
    this.limit = limit;
    this.layers = List.copyOf(layers);
  }

  /** The content. */
  public byte[] weights() {
    end = PerceptronHeader.BYTES;
    final int table = place(2 * layers.size() * Tensor.BYTES);
    int[][] at = new int[layers.size()][];
    for (int i = 0; i < at.length; i++) {
      Layer layer = layers.get(i);
      at[i] =
          new int[] {
            place(layer.quants().length),
            place(layer.scales().length),
            place(4 * layer.bias().length)
          };
    }
    ByteBuffer out = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(PerceptronHeader.MAGIC_VALUE).putInt(1).putInt(inputs).putInt(layers.size());
    out.putInt(limit).putInt(0).putLong(PerceptronHeader.BASE + table);
    for (int i = 0; i < at.length; i++) {
      Layer layer = layers.get(i);
      int rows = layer.bias().length;
      int entry = table + 2 * i * Tensor.BYTES;
      entry(out, entry, Tensor.Q8_0, rows, layer.columns(), at[i][0], at[i][1]);
      entry(out, entry + Tensor.BYTES, Tensor.F32, 1, rows, at[i][2], 0);
      out.put(at[i][0], layer.quants()).put(at[i][1], layer.scales());
      for (int row = 0; row < rows; row++) {
        out.putFloat(at[i][2] + 4 * row, layer.bias()[row]);
      }
    }
    return out.array();
  }

  private static void entry(
      ByteBuffer out, int at, int type, int rows, int columns, int... planes) {
    out.putInt(at + Tensor.TYPE, type).putInt(at + Tensor.ROWS, rows);
    out.putInt(at + Tensor.COLUMNS, columns);
    for (int i = 0; i < planes.length; i++) {
      long address = planes[i] == 0 ? 0 : PerceptronHeader.BASE + planes[i];
      out.putLong(at + Tensor.PLANES + 8 * i, address);
    }
  }

  /** A place on a multiple of 64 bytes with at least 64 zero bytes behind it. */
  private int place(int bytes) {
    int at = end + ALIGNMENT - 1 & -ALIGNMENT;
    end = at + bytes + ALIGNMENT;
    return at;
  }
}
