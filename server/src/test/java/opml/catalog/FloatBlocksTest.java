package opml.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloatBlocksTest {
  private static final int BLOCKS = 150;

  /** One value after another, rounded in double. */
  private static void plain(float[] x, int b, byte[] quants, byte[] scales) {
    float top = 0;
    for (int i = 32 * b; i < 32 * b + 32; i++) {
      top = Math.max(top, Math.abs(x[i]));
    }
    float d = top / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    for (int i = 32 * b; i < 32 * b + 32; i++) {
      double scaled = x[i] * inverse;
      quants[i] = (byte) (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
    }
    ByteBuffer.wrap(scales).order(ByteOrder.LITTLE_ENDIAN).putShort(2 * b, Float.floatToFloat16(d));
  }

  /** Values of every size, halves between two quants, zeros, and what is smaller than any scale. */
  private static float value(Random r, int block) {
    return switch (block % 6) {
      case 0 -> (float) r.nextGaussian();
      case 1 -> (r.nextInt(255) - 127) / 2f;
      case 2 -> r.nextInt(8) == 0 ? 0 : (float) Math.scalb(r.nextGaussian(), r.nextInt(40) - 20);
      case 3 -> Float.intBitsToFloat(r.nextInt()) * 0x1p-20f;
      case 4 -> r.nextBoolean() ? 0f : -0f;
      default -> Float.intBitsToFloat(r.nextInt(0x02000000) | r.nextInt(2) << 31);
    };
  }

  private static void put(TensorType type, ByteBuffer in, float value) {
    switch (type) {
      case F32 -> in.putFloat(value);
      case F16 -> in.putShort(Float.floatToFloat16(value));
      default -> in.putShort((short) (Float.floatToIntBits(value) >>> 16));
    }
  }

  private static float get(TensorType type, ByteBuffer in) {
    return switch (type) {
      case F32 -> in.getFloat();
      case F16 -> Float.float16ToFloat(in.getShort());
      default -> Float.intBitsToFloat(in.getShort() << 16);
    };
  }

  private static boolean infinite(byte[] scales, int b) {
    return (scales[2 * b + 1] & 0x7c) == 0x7c;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void manySideBySideAreAsOneAfterAnother(TensorType type) {
    Random r = new Random(5);
    for (int round = 0; round < 40; round++) {
      byte[] bytes = new byte[BLOCKS * 32 * type.bytes];
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 32 * BLOCKS; i++) {
        put(type, in, value(r, i / 32));
      }
      in.flip();
      float[] x = new float[32 * BLOCKS];
      for (int i = 0; i < x.length; i++) {
        x[i] = get(type, in);
      }
      byte[][] expected = {new byte[32 * BLOCKS], new byte[2 * BLOCKS]};
      for (int b = 0; b < BLOCKS; b++) {
        plain(x, b, expected[0], expected[1]);
      }
      byte[][] found = {new byte[32 * BLOCKS], new byte[2 * BLOCKS]};
      new FloatBlocks(type).move(bytes, 0, BLOCKS, found, 0);
      for (int b = 0; b < BLOCKS; b++) {
        // what is refused by its scale may be any NaN and any quants
        if (infinite(expected[1], b) && infinite(found[1], b)) {
          System.arraycopy(found[0], 32 * b, expected[0], 32 * b, 32);
          System.arraycopy(found[1], 2 * b, expected[1], 2 * b, 2);
        }
      }
      assertArrayEquals(expected[0], found[0]);
      assertArrayEquals(expected[1], found[1]);
    }
  }
}
