package opml.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.RegionSizes;
import opml.machine.Regions;
import opml.request.Request;
import org.junit.jupiter.api.Test;

/**
 * Single operators of models at the caps, on random activations with NaN and infinity among them:
 * fewer than 4.5 million instructions, and the same state as on the JVM.
 */
final class ExtremesTest {
  private static final int WEIGHTS = 27;
  private static final int NOISE = 1 << 18;
  private static final byte[] CODE = Agreement.IMAGE.code();
  private static final Shape WIDE =
      new Shape(8192, 1, 128, 1, 256, 1 << 15, 1 << 18, 8192, 1e-5f, 10000.0, 16383);
  private static final Shape NARROW =
      new Shape(8192, 1, 256, 256, 32, 1 << 15, 1 << 18, 64, 1e-5f, 10000.0, 16383);

  @Test
  void theStartOfALargestModelFits() {
    Shape deep = new Shape(8192, 256, 128, 1, 256, 1 << 15, 1 << 18, 2048, 1e-5f, 1e4, 16383);
    run(deep, Tensor.Q4_1, Guest.P_START, 0, 0, 0);
  }

  @Test
  void productsFit() {
    for (int type : new int[] {Tensor.Q8_0, Tensor.Q4_0, Tensor.Q4_1, Tensor.Q5_1}) {
      run(WIDE, type, Guest.P_FORWARD, Tensor.QUERY, 0, 1);
    }
    for (int type = Tensor.Q2_K; type <= Tensor.Q6_K; type++) {
      run(WIDE, type, Guest.P_FORWARD, Tensor.QUERY, 0, 1);
    }
    run(WIDE, Tensor.Q5_1, Guest.P_FORWARD, Tensor.ATTENTION_OUTPUT, 0, 1);
    run(WIDE, Tensor.Q5_1, Guest.P_FORWARD, Tensor.ATTENTION_OUTPUT, 8192 - 144, 1);
    run(WIDE, Tensor.Q4_1, Guest.P_FORWARD, Tensor.GATE, 0, 1);
    run(WIDE, Tensor.Q4_1, Guest.P_FORWARD, Tensor.DOWN, 8192 - 144, 1);
    run(WIDE, Tensor.Q4_1, Guest.P_FORWARD, Forward.LOGITS, 0, 1);
  }

  @Test
  void attentionFitsAtFullContextAndAtManyHeads() {
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 0, 8191);
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 256 + 224, 8191);
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 0, 1023);
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 0, 7);
    run(NARROW, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 0, 63);
    run(NARROW, Tensor.Q8_0, Guest.P_FORWARD, Forward.ATTEND, 0, 30);
  }

  @Test
  void theOtherOperatorsFit() {
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.EMBED, 0, 0);
    run(WIDE, Tensor.Q4_0, Guest.P_FORWARD, Forward.EMBED, 0, 0);
    run(WIDE, Tensor.Q2_K, Guest.P_FORWARD, Forward.EMBED, 0, 0);
    run(WIDE, Tensor.Q8_0, Guest.P_FORWARD, Forward.ACTIVATE, 0, 0);
    run(WIDE, Tensor.Q8_0, Guest.P_SAMPLE, 0, 0, 0);
    run(WIDE, Tensor.Q8_0, Guest.P_CLEAR, 0, 0, 0);
  }

  private static void run(Shape shape, int type, int phase, int stage, int cursor, int position) {
    run(shape, type, phase, stage, cursor, position, Request.raw("x", 1));
  }

  /**
   * One operator natively and in the VM.
   *
   * @param patches pairs of an address in WEIGHTS or STATE and a word to put there
   */
  static void run(
      Shape shape,
      int type,
      int phase,
      int stage,
      int cursor,
      int position,
      Request request,
      long... patches) {
    String where = phase + ", stage " + stage + ", cursor " + cursor + ", position " + position;
    Layout layout = new Layout(shape, TokenizerState.BYTES, Sampler.BYTES);
    byte[] weights = weights(shape, layout, type);
    for (int i = 0; i < patches.length; i += 2) {
      if (patches[i] >= Header.BASE) {
        put(weights, (int) (patches[i] - Header.BASE), (int) patches[i + 1]);
      }
    }
    byte[] input = request.encode();
    byte[] before = state(layout, phase, stage, cursor, position);
    for (int i = 0; i < patches.length; i += 2) {
      if (patches[i] < Header.BASE) {
        put(before, (int) patches[i], (int) patches[i + 1]);
      }
    }
    int size = layout.stateSize();
    ArrayMemory memory = new ArrayMemory(input, weights, 10, WEIGHTS, size, 11);
    for (int i = 0; i < before.length; i += 4) {
      memory.storeI32(i, word(before, i));
    }
    Machine machine =
        new Machine(
            new RegionSizes(11, 10, WEIGHTS, size, 11, 7),
            new BytePages(CODE, 11),
            new BytePages(input, 10),
            new BytePages(weights, WEIGHTS),
            new BytePages(before, size),
            new BytePages(new byte[0], 11));
    long steps = Executed.run(machine, 1 << 24);
    assertEquals(Machine.YIELDED, machine.status(), where + machine.faultReason());
    assertTrue(steps < 4_500_000, where + " took " + steps);
    assertEquals(0, Guest.step(memory), where);
    assertArrayEquals(
        new BytePages(Trial.bytes(memory.words(Regions.STATE)), size).root(),
        machine.root(Regions.STATE),
        where);
  }

  private static int word(byte[] b, int i) {
    return b[i] & 255 | (b[i + 1] & 255) << 8 | (b[i + 2] & 255) << 16 | b[i + 3] << 24;
  }

  /**
   * Control block and random activations: mostly ordinary floats, now and then any bits, canonical
   * where NaN.
   */
  private static byte[] state(Layout layout, int phase, int stage, int cursor, int position) {
    long end = layout.at(Header.ACTIVATIONS) + layout.at(Header.ACTIVATION_BYTES);
    byte[] out = new byte[(int) end];
    Random random = new Random(stage * 31 + position);
    for (int i = (int) layout.at(Header.ACTIVATIONS); i < end; i += 4) {
      float x =
          random.nextInt(3000) == 0 && phase != Guest.P_SAMPLE
              ? Float.intBitsToFloat(random.nextInt())
              : (float) random.nextGaussian();
      put(out, i, Float.floatToIntBits(x));
    }
    if (phase == Guest.P_SAMPLE) {
      put(out, (int) layout.at(Header.SAMPLER_STATE), 0);
    }
    put(out, (int) Control.PHASE, phase);
    put(out, (int) Control.STAGE, stage);
    put(out, (int) Control.CURSOR, cursor);
    put(out, (int) Control.POSITION, position);
    put(out, (int) Control.TOKEN_COUNT, position + 1);
    put(out, (int) Control.MAX_TOKENS, 1);
    return out;
  }

  /** All planes overlap in one area: random bytes, then zeros. */
  private static byte[] weights(Shape s, Layout layout, int type) {
    int count = Tensor.LAYERS + s.layers() * Tensor.PER_LAYER;
    int area = (Header.BYTES + count * Tensor.BYTES + 63) & -64;
    byte[] out = new byte[area + NOISE];
    byte[] noise = new byte[NOISE];
    new Random(5).nextBytes(noise);
    System.arraycopy(noise, 0, out, area, NOISE);
    long at = Header.BASE + area;
    byte[] header = HeaderWriter.header(s, layout, Header.BASE + Header.BYTES, at, at, 0);
    System.arraycopy(header, 0, out, 0, header.length);
    int inner = s.heads() * s.headDim();
    int[] rows = {1, s.projected(), 0, 0, s.dim(), 1, 2 * s.ffn(), 0, s.dim()};
    int[] columns = {s.dim(), s.dim(), s.dim(), s.dim(), inner, s.dim(), s.dim(), s.dim(), s.ffn()};
    for (int i = 0; i < count; i++) {
      int k = (i - Tensor.LAYERS) % Tensor.PER_LAYER;
      boolean norm = i == Tensor.OUTPUT_NORM || i >= Tensor.LAYERS && (k == 0 || k == 5);
      byte[] entry =
          HeaderWriter.entry(
              norm ? Tensor.F32 : type,
              i < 2 ? s.vocab() : i == 2 ? 1 : rows[k],
              i < 3 ? s.dim() : columns[k],
              at,
              at + 64,
              at + 128);
      System.arraycopy(entry, 0, out, Header.BYTES + i * Tensor.BYTES, entry.length);
    }
    return out;
  }

  private static void put(byte[] bytes, int at, int word) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (word >>> 8 * i);
    }
  }
}
