package opml.guest.synth;

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
 * A Llama with random weights as the content of a WEIGHTS region, tied embeddings, one token per
 * byte.
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
    Layout layout = new Layout(shape, TokenizerState.BYTES, Sampler.BYTES);
    byte[] weights = new Writer(shape, types, seed).write(layout, section, stops);
    return new TinyModel(shape, layout, weights);
  }

  /** Lays out header, tensor table, tokenizer, RoPE table and planes. */
  private static final class Writer {
    private final Shape shape;
    private final int[] types;
    private final Random random;
    private final int table = Header.BYTES;
    private byte[] out;
    private int end;
    private int entry;

    Writer(Shape shape, int[] types, long seed) {
      this.shape = shape;
      this.types = types;
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
      put(embedding);
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
      put(matrix(1, joined ? shape.projected() : inner, dim));
      put(matrix(2, joined ? 0 : kv, dim));
      put(matrix(3, joined ? 0 : kv, dim));
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

    private byte[] matrix(int index, int rows, int columns) {
      int type = type(index);
      if (rows == 0) {
        return HeaderWriter.entry(type, 0, columns);
      }
      int blocks = rows * columns / 32;
      boolean nibbles = type == Tensor.Q4_0 || type == Tensor.Q4_1;
      double spread = nibbles ? 4.6 : type == Tensor.Q5_1 ? 9.2 : 73;
      int exponent = 15 - (int) Math.ceil(Math.log(spread * Math.sqrt(columns)) / Math.log(2));
      int quants = place(nibbles ? 16 * blocks : 32 * blocks);
      for (int i = 0; i < (nibbles ? 16 : 32) * blocks; i++) {
        int q = random.nextInt(256);
        out[quants + i] = (byte) (type == Tensor.Q5_1 ? q & 31 : q);
      }
      int scales = halves(blocks, exponent << 10);
      if (type == Tensor.Q8_0 || type == Tensor.Q4_0) {
        return HeaderWriter.entry(type, rows, columns, Header.BASE + quants, Header.BASE + scales);
      }
      int mins = halves(blocks, 0x8000 | exponent + (nibbles ? 3 : 4) << 10);
      return HeaderWriter.entry(
          type, rows, columns, Header.BASE + quants, Header.BASE + scales, Header.BASE + mins);
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
}
