package opml.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The interpreter and the stateless verifier, written apart, agree. */
class AgreementTest {
  private static void randomise(Machine m, Random r) {
    for (int i = 1; i < 32; i++) {
      Lab.set(m, i, RandomWords.register(r));
    }
    Lab.set(m, 17, r.nextInt(4) == 0 ? r.nextInt(3) : RandomWords.register(r));
    for (int i = 0; i < 32; i++) {
      m.cpu().v[i] = (byte) r.nextInt();
    }
  }

  @Test
  void onRandomWordsAndRegisters() {
    Random r = new Random(11);
    Machine m = Lab.machine();
    int[] ends = new int[4];
    for (int t = 0; t < 25_000; t++) {
      m.proceed(0);
      randomise(m, r);
      long pc = 4L * r.nextInt(4096);
      Lab.poke(m, pc, RandomWords.word(r));
      m.cpu().pc = pc;
      Lab.step(m, r.nextBoolean());
      ends[m.status()]++;
    }
    assertTrue(
        ends[0] > 10_000 && ends[1] > 50 && ends[2] > 50 && ends[3] > 1000, "ends meet all forms");
  }

  @Test
  void onEveryWordAsAFetchAddress() {
    Random r = new Random(12);
    Machine m = Lab.machine();
    for (int t = 0; t < 3000; t++) {
      m.proceed(RandomWords.register(r));
      randomise(m, r);
      Lab.step(m, false);
    }
  }

  @Test
  void oneLongRunEqualsManyShortOnes() {
    for (int seed = 0; seed < 300; seed++) {
      Random r = new Random(seed);
      Machine once = Lab.machine();
      once.proceed(0);
      randomise(once, r);
      for (int i = 0; i < 4096; i++) {
        Lab.poke(once, 4L * i, calm(r));
      }
      once.cpu().pc = 4L * r.nextInt(4096);
      Machine apart = once.copy();
      Machine verified = once.copy();
      long steps = once.run(300);
      long sum = 0;
      while (sum < 300 && apart.status() == Machine.RUNNING) {
        sum += apart.run(Math.min(300 - sum, r.nextInt(40)));
        if (r.nextInt(3) == 0) {
          apart.stateHash(); // hashing in between changes nothing
        }
      }
      for (int i = 0; i < 300 && verified.status() == Machine.RUNNING; i++) {
        Lab.step(verified, false);
      }
      assertEquals(steps, sum);
      assertEquals(once.faultReason(), apart.faultReason());
      assertArrayEquals(once.stateHash(), apart.stateHash(), "seed " + seed);
      assertArrayEquals(once.stateHash(), verified.stateHash(), "seed " + seed);
    }
  }

  /** Words that seldom stop: jumps are short, memory is reached around zero. */
  private static int calm(Random r) {
    int w = RandomWords.word(r);
    switch (w & 127) {
      case 0x6f:
        return Asm.jal(w >>> 7 & 31, 4 * r.nextInt(-300, 300));
      case 0x63:
        return Asm.b(r.nextInt(2) * 5, w >>> 15 & 31, w >>> 20 & 31, 4 * r.nextInt(-100, 100));
      case 0x03:
      case 0x23:
      case 0x0b:
        return r.nextInt(3) == 0 ? Asm.s(3, 0, w >>> 20 & 31, 8 * r.nextInt(250)) : w & ~0xf8000;
      case 0x13:
      case 0x33:
      case 0x3b:
      case 0x17:
        return w;
      default:
        return r.nextInt(8) == 0 ? w : Asm.addi(w >>> 7 & 31, w >>> 15 & 31, w >> 20);
    }
  }
}
