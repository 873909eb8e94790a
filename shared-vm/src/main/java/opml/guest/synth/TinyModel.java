package opml.guest.synth;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import opml.guest.Header;
import opml.guest.HeaderWriter;
import opml.guest.Layout;
import opml.guest.Sampler;
import opml.guest.Shape;
import opml.guest.Tensor;
import opml.guest.TokenizerState;

/**
 * A Llama (or, with biases, a Qwen 2) with random weights as the content of a WEIGHTS region, tied
 * embeddings where no bias is asked for, one token per byte.
 *
 * @param shape numbers of the header; vocab at least 256
 * @param layout where things are in STATE
 * @param weights content of WEIGHTS
 */
public record TinyModel(Shape shape, Layout layout, byte[] weights) {
  /** 2 layers, dim 64, 4 heads over 2, headDim 32, ffn 96, context 64. */
  public static Shape smallest() {
    return new Shape(64, 2, 4, 2, 32, 96, 256, 64, 1e-5f, 10000.0, 16383);
  }

  /** The smallest shape whose rows are whole super-blocks. */
  public static Shape smallestSuper() {
    return new Shape(256, 2, 4, 2, 64, 512, 256, 64, 1e-6f, 1e6, 16383);
  }

  /** log2 of the leaves of WEIGHTS. */
  public int weightsSize() {
    return 32 - Integer.numberOfLeadingZeros((weights.length + 31) / 32 - 1);
  }

  /**
   * Generates a model; equal arguments give equal bytes.
   *
   * @param types matrix types: tensor k of a layer ({@link Tensor}), or the embedding as k = 0, has
   *     type k mod length. Tensors of equal type are joined as the importer does.
   * @param stops stop tokens
   */
  public static TinyModel random(Shape shape, int[] types, long seed, int... stops) {
    return random(shape, types, seed, ByteTokens.section(shape.vocab()), stops);
  }

  /**
   * The same with a tokenizer.
   *
   * @param section a tokenizer section of at most {@code shape.vocab()} tokens
   */
  public static TinyModel random(
      Shape shape, int[] types, long seed, byte[] section, int... stops) {
    return write(new Writer(shape, types, seed, false), section, stops);
  }

  /** The same with biases of q, k and v, and an output matrix apart from the embedding. */
  public static TinyModel biased(Shape shape, int[] types, long seed, int... stops) {
    return write(new Writer(shape, types, seed, true), ByteTokens.section(shape.vocab()), stops);
  }

  private static TinyModel write(Writer writer, byte[] section, int... stops) {
    Layout layout = new Layout(writer.shape, TokenizerState.BYTES, Sampler.BYTES);
    return new TinyModel(writer.shape, layout, writer.write(layout, section, stops));
  }

  /** Lays out header, tensor table, tokenizer, RoPE table and planes. */
  private static final class Writer {
    private final Shape shape;
    private final int[] types;
    private final boolean biased;
    private final Random random;
    private final int table = Header.BYTES;
    private byte[] out;
    private int end;
    private int entry;

    Writer(Shape shape, int[] types, long seed, boolean biased) {
      this.shape = shape;
      this.types = types;
      this.biased = biased;
      this.random = new Random(seed);
      int tensors = Tensor.LAYERS + shape.layers() * Tensor.PER_LAYER;
      this.end = table + tensors * Tensor.BYTES;
      this.out = new byte[1 << 16];
      this.entry = table;
    }

    byte[] write(Layout layout, byte[] section, int[] stops) {
      final int tokenizer = place(section.length);
      System.arraycopy(section, 0, out, tokenizer, section.length);
      float[] table = shape.rope();
      final int rope = place(4 * table.length);
      for (int i = 0; i < table.length; i++) {
        put32(rope + 4 * i, Float.floatToIntBits(table[i]));
      }
      byte[] embedding = matrix(0, shape.vocab(), shape.dim());
      put(embedding);
      put(biased ? matrix(0, shape.vocab(), shape.dim()) : embedding);
      put(norm());
      for (int layer = 0; layer < shape.layers(); layer++) {
        layer();
      }
      byte[] header =
          HeaderWriter.header(
              shape,
              layout,
              Header.BASE + this.table,
              Header.BASE + rope,
              Header.BASE + tokenizer,
              section.length,
              stops);
      System.arraycopy(header, 0, out, 0, header.length);
      return Arrays.copyOf(out, (end + 63) & -64);
    }

    private void layer() {
      int dim = shape.dim();
      int kv = shape.kvHeads() * shape.headDim();
      int inner = shape.heads() * shape.headDim();
      put(norm());
      boolean joined = type(1) == type(2) && type(2) == type(3);
      put(bias(matrix(1, joined ? shape.projected() : inner, dim)));
      put(bias(matrix(2, joined ? 0 : kv, dim)));
      put(bias(matrix(3, joined ? 0 : kv, dim)));
      put(matrix(4, dim, inner));
      put(norm());
      joined = type(6) == type(7);
      put(matrix(6, joined ? 2 * shape.ffn() : shape.ffn(), dim));
      put(matrix(7, joined ? 0 : shape.ffn(), dim));
      put(matrix(8, dim, shape.ffn()));
    }

    private int type(int index) {
      return types[index % types.length];
    }

    private void put(byte[] tensor) {
      System.arraycopy(tensor, 0, out, entry, tensor.length);
      entry += tensor.length;
    }

    /** A place of this size on a multiple of 64, with 64 zero bytes behind it. */
    private int place(int bytes) {
      int at = (end + 63) & -64;
      end = at + bytes + 64;
      if (end + 64 > out.length) {
        out = Arrays.copyOf(out, 2 * end + 64);
      }
      return at;
    }

    private byte[] norm() {
      int at = place(4 * shape.dim());
      for (int i = 0; i < shape.dim(); i++) {
        put32(at + 4 * i, Float.floatToIntBits(0.75f + random.nextFloat() / 2));
      }
      return HeaderWriter.entry(Tensor.F32, 1, shape.dim(), Header.BASE + at);
    }

    private byte[] bias(byte[] entry) {
      int rows = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).getInt(Tensor.ROWS);
      if (biased && rows > 0) {
        int at = place(4 * rows);
        for (int i = 0; i < rows; i++) {
          put32(at + 4 * i, Float.floatToIntBits((float) random.nextGaussian() / 4));
        }
        ByteBuffer.wrap(entry)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(Tensor.BIAS, Header.BASE + at);
      }
      return entry;
    }

    private byte[] matrix(int index, int rows, int columns) {
      int type = type(index);
      if (rows == 0) {
        return HeaderWriter.entry(type, 0, columns);
      }
      int blocks = rows * columns / 32;
      Grid grid = Grid.of(type);
      int exponent = 15 - (int) Math.ceil(Math.log(grid.spread * Math.sqrt(columns)) / Math.log(2));
      int quants = place(grid.width * blocks);
      for (int i = 0; i < grid.width * blocks; i++) {
        int q = random.nextInt(256);
        out[quants + i] = (byte) (grid.signed ? (byte) q >> grid.shift : q & grid.mask);
      }
      if (Tensor.isSuper(type)) {
        return superMatrix(type, rows, columns, quants, exponent);
      }
      int scales = halves(blocks, exponent << 10);
      if (type == Tensor.Q8_0 || type == Tensor.Q4_0) {
        return HeaderWriter.entry(type, rows, columns, Header.BASE + quants, Header.BASE + scales);
      }
      int mins = halves(blocks, 0x8000 | exponent + grid.middle << 10);
      return HeaderWriter.entry(
          type, rows, columns, Header.BASE + quants, Header.BASE + scales, Header.BASE + mins);
    }

    private byte[] superMatrix(int type, int rows, int columns, int quants, int exponent) {
      Grid grid = Grid.of(type);
      int blocks = rows * columns / 256;
      int scales = place(16 * blocks);
      for (int i = 0; i < 16 * blocks; i++) {
        int c = random.nextInt(256);
        out[scales + i] = (byte) (type == Tensor.Q3_K ? (byte) c >> 2 : c & grid.scaleMask);
      }
      int factors;
      if (grid.middle < 0) {
        factors = halves(blocks, exponent << 10);
      } else {
        factors = halves(2 * blocks, exponent << 10);
        for (int i = 0; i < blocks; i++) {
          out[factors + 4 * i + 3] += (byte) (grid.middle << 2);
        }
      }
      return HeaderWriter.entry(
          type, rows, columns, Header.BASE + quants, Header.BASE + scales, Header.BASE + factors);
    }

    private int halves(int n, int bits) {
      int at = place(2 * n);
      for (int i = 0; i < n; i++) {
        int half = bits | random.nextInt(1024);
        out[at + 2 * i] = (byte) half;
        out[at + 2 * i + 1] = (byte) (half >>> 8);
      }
      return at;
    }

    private void put32(int at, int value) {
      for (int i = 0; i < 4; i++) {
        out[at + i] = (byte) (value >>> 8 * i);
      }
    }
  }

  /**
   * What the random numbers of a format look like.
   *
   * @param width bytes of 32 values
   * @param shift for signed bytes, to the right
   * @param mask for others
   * @param spread standard deviation of a weight for a scale of 1
   * @param middle exponent of the minimum's factor over that of the scale, -1 without minima
   */
  private record Grid(
      int width, boolean signed, int shift, int mask, int scaleMask, double spread, int middle) {
    static Grid of(int type) {
      return switch (type) {
        case Tensor.Q4_0 -> new Grid(16, false, 0, 255, 0, 4.6, -1);
        case Tensor.Q4_1 -> new Grid(16, false, 0, 255, 0, 4.6, 3);
        case Tensor.Q5_1 -> new Grid(32, false, 0, 31, 0, 9.2, 4);
        case Tensor.Q4_K -> new Grid(16, false, 0, 255, 63, 250, 3);
        case Tensor.Q5_K -> new Grid(32, false, 0, 31, 63, 500, 4);
        case Tensor.Q6_K -> new Grid(32, true, 2, 0, 255, 1400, -1);
        case Tensor.Q3_K -> new Grid(16, false, 0, 0x77, 0, 43, -1);
        case Tensor.Q2_K -> new Grid(16, false, 0, 0x33, 255, 15, 0);
        default -> new Grid(32, true, 0, 0, 0, 73, -1);
      };
    }
  }
}
