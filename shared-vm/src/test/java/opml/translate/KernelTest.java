package opml.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import opml.guest.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The guest's kernels on random memory, floats that are not numbers included: JVM and VM leave the
 * same STATE.
 */
class KernelTest {
  private static final int RUNS = 60;
  private static final int X = 1024;
  private static final int OUT = 3584;

  private record Kernel(
      String label, String name, String descriptor, Consumer<ByteBuffer> arguments) {
    Kernel(String name, String descriptor, Consumer<ByteBuffer> arguments) {
      this(name, name, descriptor, arguments);
    }
  }

  @TestFactory
  Stream<DynamicTest> leavesTheSameMemoryOnTheJvmAndInTheVm() {
    return Stream.of(
            new Kernel(
                "quantize", "(JIIJ)I", s -> s.putLong(X).putLong(96).putLong(16383).putLong(2048)),
            new Kernel(
                "quantizeHead",
                "(JIIJJ)I",
                s -> s.putLong(X).putLong(64).putLong(4095).putLong(2048).putLong(3000)),
            new Kernel(
                "quantizeQuery",
                "(JIIJJ)I",
                s -> s.putLong(X).putLong(64).putLong(4095).putLong(2048).putLong(3000)),
            new Kernel("rotate", "(JIIJ)V", s -> s.putLong(X).putLong(3).putLong(32).putLong(2048)),
            new Kernel("activate", "(JJI)V", s -> s.putLong(X).putLong(2048).putLong(77)),
            new Kernel("add", "(JJI)V", s -> s.putLong(X).putLong(2048).putLong(33)),
            new Kernel("argmax", "(JI)I", s -> s.putLong(X).putLong(200)),
            new Kernel("clear", "(JI)V", s -> s.putLong(X).putLong(192)),
            matrix(Tensor.Q8_0),
            matrix(Tensor.Q4_0),
            matrix(Tensor.Q4_1),
            matrix(Tensor.Q5_1),
            superMatrix(Tensor.Q2_K),
            superMatrix(Tensor.Q3_K),
            superMatrix(Tensor.Q4_K),
            superMatrix(Tensor.Q5_K),
            superMatrix(Tensor.Q6_K))
        .map(k -> DynamicTest.dynamicTest(k.label, () -> check(k)));
  }

  /** Rows 1 and 2 of three, of eleven blocks: one full round of lanes and a tail. */
  private static Kernel matrix(int type) {
    return new Kernel(
        "matrix of type " + type,
        "matrix",
        "(JIIJJ)V",
        s -> {
          s.putLong(128).putLong(1).putLong(2).putLong(2240).putLong(OUT);
          s.putInt(128 + Tensor.TYPE, type)
              .putInt(128 + Tensor.ROWS, 3)
              .putInt(128 + Tensor.COLUMNS, 11 * 32);
          s.putLong(128 + Tensor.PLANES, X)
              .putLong(128 + Tensor.PLANES + 8, 2080)
              .putLong(128 + Tensor.PLANES + 16, 2152);
        });
  }

  /** Rows 1 and 2 of three, of two super-blocks. */
  private static Kernel superMatrix(int type) {
    return new Kernel(
        "matrix of type " + type,
        "matrix",
        "(JIIJJ)V",
        s -> {
          s.putLong(128).putLong(1).putLong(2).putLong(2240).putLong(OUT);
          s.putInt(128 + Tensor.TYPE, type)
              .putInt(128 + Tensor.ROWS, 3)
              .putInt(128 + Tensor.COLUMNS, 512);
          s.putLong(128 + Tensor.PLANES, X)
              .putLong(128 + Tensor.PLANES + 8, 1900)
              .putLong(128 + Tensor.PLANES + 16, 2000);
        });
  }

  private static void check(Kernel kernel) {
    Twin twin = new Twin(Map.of(), Twin.MEMORY, kernel.name, kernel.descriptor);
    Random random = new Random(kernel.name.hashCode());
    for (int run = 0; run < RUNS; run++) {
      ByteBuffer state = ByteBuffer.allocate(Twin.STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (state.hasRemaining()) {
        int wild = random.nextInt(run % 3 == 0 ? 400 : 40);
        state.putInt(
            wild == 0
                ? random.nextInt()
                : wild == 1
                    ? 0x7f800001 + random.nextInt(9)
                    : Float.floatToIntBits((float) random.nextGaussian() * wild));
      }
      kernel.arguments.accept(state.position(0));
      assertArrayEquals(
          twin.onJvm(state.array()), twin.inVm(state.array()), kernel.name + ", run " + run);
    }
  }
}
