package opml.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.Type;

/** Hand-written methods that strain the translator, with extreme and random arguments. */
class TortureTest {
  private static final int RUNS = 400;
  private static final List<Long> LONGS =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          31L,
          32L,
          63L,
          64L,
          2047L,
          2048L,
          -2048L,
          0x7fffffffL,
          -0x80000000L,
          0x80000000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE);
  private static final List<Float> FLOATS =
      List.of(
          0f,
          -0f,
          1f,
          -1f,
          Float.NaN,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.MIN_VALUE,
          Float.MAX_VALUE,
          -3e-39f,
          0.1f);

  static Stream<Method> methods() {
    return Arrays.stream(Torture.class.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()))
        .sorted(Comparator.comparing(Method::getName));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void doesTheSameOnTheJvmAndInTheVm(Method method) {
    String owner = Type.getInternalName(Torture.class);
    Twin twin = new Twin(Map.of(), owner, method.getName(), Type.getMethodDescriptor(method));
    Random random = new Random(method.getName().hashCode());
    for (int run = 0; run < RUNS; run++) {
      byte[] state = state(random, run);
      assertArrayEquals(twin.onJvm(state), twin.inVm(state), method.getName() + ", run " + run);
      assertTrue(twin.steps > 0);
    }
  }

  /** Arguments and memory of ints, longs and floats, extreme ones and random ones. */
  private static byte[] state(Random random, int run) {
    ByteBuffer state = ByteBuffer.allocate(Twin.STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (state.hasRemaining()) {
      switch (random.nextInt(run % 4 == 3 ? 5 : 4)) {
        case 0 -> state.putLong(LONGS.get(random.nextInt(LONGS.size())));
        case 1 -> {
          float f = FLOATS.get(random.nextInt(FLOATS.size()));
          state.putInt(Float.floatToIntBits(f)).putInt(0x7fa00000 + random.nextInt());
        }
        case 2 ->
            state.putInt(Float.floatToIntBits((float) random.nextGaussian())).putInt(0xffc00001);
        case 3 -> state.putInt(random.nextInt(64) - 32).putInt(random.nextInt());
        default -> state.putLong(random.nextLong());
      }
    }
    return state.array();
  }
}
