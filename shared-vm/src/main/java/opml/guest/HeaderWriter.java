package opml.guest;

import java.util.Arrays;

/** Writes the model header and entries of the tensor table: for importers and generated models. */
public final class HeaderWriter {
  private HeaderWriter() {}

  /**
   * The header's {@link Header#BYTES} bytes.
   *
   * @param tensors address of the tensor table in WEIGHTS
   * @param rope address of the RoPE table
   * @param tokenizer address of the tokenizer's section
   * @param tokenizerBytes its length
   * @param stops at most 8 stop tokens
   */
  public static byte[] header(
      Shape s,
      Layout layout,
      long tensors,
      long rope,
      long tokenizer,
      long tokenizerBytes,
      int... stops) {
    if (stops.length > 8) {
      throw new IllegalArgumentException(
          stops.length + " stop tokens; the header holds 8: name fewer");
    }
    byte[] out = new byte[Header.BYTES];
    put32(out, Header.MAGIC, Header.MAGIC_VALUE);
    put32(out, Header.VERSION, 1);
    put32(out, Header.DIM, s.dim());
    put32(out, Header.LAYERS, s.layers());
    put32(out, Header.HEADS, s.heads());
    put32(out, Header.KV_HEADS, s.kvHeads());
    put32(out, Header.HEAD_DIM, s.headDim());
    put32(out, Header.FFN, s.ffn());
    put32(out, Header.VOCAB, s.vocab());
    put32(out, Header.CONTEXT, s.context());
    put32(out, Header.EPSILON, Float.floatToIntBits(s.epsilon()));
    put32(out, Header.LIMIT, s.limit());
    put32(out, Header.HEAD_LIMIT, s.headLimit());
    put32(out, Header.SCORE_SCALE, Float.floatToIntBits(1f / Floats.sqrt((float) s.headDim())));
    put32(out, Header.STOP_COUNT, stops.length);
    for (int i = 0; i < stops.length; i++) {
      put32(out, Header.STOPS + 4L * i, stops[i]);
    }
    put64(out, Header.TENSORS, tensors);
    put64(out, Header.ROPE, rope);
    put64(out, Header.TOKENIZER, tokenizer);
    put64(out, Header.TOKENIZER_BYTES, tokenizerBytes);
    layout.fields().forEach((field, value) -> put64(out, field, value));
    int ones = (int) (Header.ONES - Header.BASE);
    Arrays.fill(out, ones, ones + 32, (byte) 1);
    return out;
  }

  /**
   * One {@link Tensor#BYTES} entry of the tensor table.
   *
   * @param planes absolute addresses, up to four
   */
  public static byte[] entry(int type, int rows, int columns, long... planes) {
    byte[] out = new byte[Tensor.BYTES];
    put32(out, Header.BASE + Tensor.TYPE, type);
    put32(out, Header.BASE + Tensor.ROWS, rows);
    put32(out, Header.BASE + Tensor.COLUMNS, columns);
    for (int i = 0; i < planes.length; i++) {
      put64(out, Header.BASE + Tensor.PLANES + 8L * i, planes[i]);
    }
    return out;
  }

  private static void put32(byte[] out, long address, int value) {
    int at = (int) (address - Header.BASE);
    for (int i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >>> 8 * i);
    }
  }

  private static void put64(byte[] out, long address, long value) {
    put32(out, address, (int) value);
    put32(out, address + 4, (int) (value >>> 32));
  }
}
