package opml.jit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import opml.machine.Operations;
import org.junit.jupiter.api.Test;

/** V by vector instructions and by the machine's own loops, often enough to be compiled. */
class VectorRegisterTest {
  private static final int ROUNDS = 40_000;

  @Test
  void loadsAndProductsAreThoseOfTheMachine() {
    Random r = new Random(11);
    int[] page = r.ints(1024).toArray();
    int[] plain = new int[32];
    int[] wide = new int[32];
    for (int round = 0; round < ROUNDS; round++) {
      int weights = r.nextInt(128) * 8 + (round & 1) * 4;
      int x = r.nextInt(128) * 8;
      page[x + r.nextInt(8)] = r.nextInt(4) == 0 ? 0x80008000 : r.nextInt();
      page[weights] = r.nextInt(4) == 0 ? 0x80808080 : r.nextInt();
      if ((round & 1) == 0) {
        Operations.vload(plain, page, 4L * weights);
        VectorRegister.load(wide, page, weights);
      } else {
        Operations.vload4(plain, page, 4L * weights);
        VectorRegister.loadNibbles(wide, page, weights);
      }
      assertArrayEquals(plain, wide);
      assertEquals(Operations.dotl(plain, page, 4L * x), VectorRegister.dot(wide, 0, page, x));
      assertEquals(Operations.doth(plain, page, 4L * x), VectorRegister.dot(wide, 16, page, x));
    }
  }
}
