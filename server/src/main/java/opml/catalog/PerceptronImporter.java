package opml.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import opml.perceptron.PerceptronHeader;
import opml.perceptron.PerceptronImage;

/** GGUF of architecture "perceptron" to the content of WEIGHTS; it is small and made in memory. */
final class PerceptronImporter {
  static final String ARCHITECTURE = "perceptron";
  private static final int EXACT = 16383;
  private static final int BLOCK = 34;

  private final Gguf gguf;

  PerceptronImporter(Gguf gguf) {
    this.gguf = gguf;
  }

  /** Bytes of an image. */
  int inputs() {
    return within("perceptron.input_length", PerceptronHeader.MAX_WIDTH);
  }

  /** Layers. */
  int layers() {
    return within("perceptron.block_count", PerceptronHeader.MAX_LAYERS);
  }

  private int within(String key, int max) {
    int value = gguf.required(key);
    if (value < 1 || value > max) {
      throw new GgufException(
          "metadata " + key + " is " + value + "; this guest takes 1 to " + max);
    }
    return value;
  }

  /** Classes. */
  int classes() {
    return Math.toIntExact(gguf.tensor("blk." + (layers() - 1) + ".weight").rows());
  }

  /** Checks everything and lays it out. */
  byte[] weights() throws IOException {
    int count = layers();
    if (gguf.tensors().size() != 2 * count) {
      throw new GgufException(
          gguf.tensors().size() + " tensors; a perceptron has two a layer, " + 2 * count);
    }
    List<PerceptronImage.Layer> layers = new ArrayList<>();
    int columns = inputs() + 31 & -32;
    for (int i = 0; i < count; i++) {
      PerceptronImage.Layer layer = layer("blk." + i, columns, i + 1 == count);
      layers.add(layer);
      columns = layer.bias().length;
    }
    return new PerceptronImage(inputs(), EXACT, layers).weights();
  }

  private PerceptronImage.Layer layer(String prefix, int columns, boolean last) throws IOException {
    Gguf.Entry weight = gguf.tensor(prefix + ".weight");
    Gguf.Entry bias = gguf.tensor(prefix + ".bias");
    int max = last ? PerceptronHeader.MAX_CLASSES : PerceptronHeader.MAX_WIDTH;
    if (weight.type() != TensorType.Q8_0
        || weight.columns() != columns
        || weight.rows() > max
        || !last && weight.rows() % 32 != 0) {
      throw new GgufException(
          "tensor "
              + weight.name()
              + " is "
              + weight.rows()
              + " x "
              + weight.columns()
              + " of type "
              + weight.type()
              + "; expected Q8_0, "
              + columns
              + " columns, "
              + (last ? "at most " + max + " rows" : "a multiple of 32 up to " + max + " rows"));
    }
    if (bias.type() != TensorType.F32 || bias.rows() != 1 || bias.columns() != weight.rows()) {
      throw new GgufException(
          "tensor " + bias.name() + " must be " + weight.rows() + " values of F32");
    }
    int blocks = Math.toIntExact(weight.data().byteSize() / BLOCK);
    byte[] planes = new byte[34 * blocks]; // quants, then scales
    Plane.fill(weight, into(planes), new long[] {0, 32L * blocks}, 0, 0);
    byte[] quants = Arrays.copyOf(planes, 32 * blocks);
    byte[] scales = Arrays.copyOfRange(planes, 32 * blocks, planes.length);
    byte[] biases = new byte[Math.toIntExact(4 * bias.columns())];
    Plane.floats(bias, into(biases), 0, 0);
    float[] values = new float[biases.length / 4];
    ByteBuffer.wrap(biases).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new PerceptronImage.Layer(columns, quants, scales, values);
  }

  private static Plane.Output into(byte[] memory) {
    return (bytes, n, at) -> System.arraycopy(bytes, 0, memory, Math.toIntExact(at), n);
  }
}
