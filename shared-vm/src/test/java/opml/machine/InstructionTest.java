package opml.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Results written down by hand from the manual; each step also passes through the verifier. */
class InstructionTest {
  private static final long MIN = Long.MIN_VALUE;
  private static final long MAX = Long.MAX_VALUE;

  /** x7 after one word with x5 = a and x6 = b. */
  private static long run(int word, long a, long b) {
    Machine m = Lab.running(word);
    Lab.set(m, 5, a);
    Lab.set(m, 6, b);
    Lab.step(m, false);
    assertEquals("", m.faultReason());
    return m.register(7);
  }

  private static void op(int f7, int f3, long a, long b, long expected) {
    assertEquals(expected, run(Asm.r(0x33, f3, f7, 7, 5, 6), a, b), "op " + f7 + "/" + f3);
  }

  private static void op32(int f7, int f3, long a, long b, long expected) {
    assertEquals(expected, run(Asm.r(0x3b, f3, f7, 7, 5, 6), a, b), "op-32 " + f7 + "/" + f3);
  }

  private static void imm(int opcode, int f3, long a, int imm, long expected) {
    assertEquals(expected, run(Asm.i(opcode, f3, 7, 5, imm), a, 0), "imm " + f3);
  }

  private static void fp(int f7, int f3, int rs2, long a, long b, long expected) {
    assertEquals(expected, run(Asm.r(0x53, f3, f7, 7, 5, rs2), a, b), "fp " + f7 + "/" + f3);
  }

  static void faults(String reason, int word, long a, long b) {
    Machine m = Lab.running(word);
    Lab.set(m, 5, a);
    Lab.set(m, 6, b);
    Lab.step(m, false);
    assertEquals(Machine.FAULTED, m.status(), Integer.toHexString(word));
    assertEquals(reason, m.faultReason().substring(0, reason.length()));
  }

  @Test
  void additionAndComparison() {
    op(0, 0, MAX, 1, MIN);
    op(32, 0, MIN, 1, MAX);
    op(0, 2, -1, 0, 1);
    op(0, 3, -1, 0, 0);
    op(0, 3, 0, -1, 1);
    imm(0x13, 0, 5, -6, -1);
    imm(0x13, 2, -2, -1, 1);
    imm(0x13, 3, 5, -1, 1);
    op32(0, 0, 0x7fffffff, 1, -0x80000000L);
    op32(32, 0, 0x80000000L, 1, 0x7fffffff);
    imm(0x1b, 0, 0xffffffffL, 0, -1);
  }

  @Test
  void logic() {
    op(0, 4, 0xff00, 0x0ff0, 0xf0f0);
    op(0, 6, 0xff00, 0x0ff0, 0xfff0);
    op(0, 7, 0xff00, 0x0ff0, 0x0f00);
    imm(0x13, 4, 0x0f, -1, ~0x0fL);
    imm(0x13, 6, 1, -2048, -2047);
    imm(0x13, 7, -1, 0x7ff, 0x7ff);
  }

  @Test
  void shiftsUseSixBitsAndWordsFive() {
    op(0, 1, 1, 63, MIN);
    op(0, 1, 1, 64, 1);
    op(0, 5, MIN, 63, 1);
    op(32, 5, MIN, 63, -1);
    op32(0, 1, 1, 31, -0x80000000L);
    op32(0, 1, 1, 32, 1);
    op32(0, 5, 0xffffffff_80000000L, 31, 1);
    op32(32, 5, 0x80000000L, 31, -1);
    imm(0x13, 1, 1, 63, MIN);
    imm(0x13, 5, -1, 63, 1);
    imm(0x13, 5, MIN, 1024 | 63, -1);
    imm(0x1b, 1, 0x40000000, 1, -0x80000000L);
    imm(0x1b, 5, -1, 1, 0x7fffffff);
    imm(0x1b, 5, 0x80000000L, 1024 | 31, -1);
  }

  @Test
  void multiplicationAndDivision() {
    op(1, 0, MIN, -1, MIN);
    op(1, 1, MIN, MIN, 1L << 62);
    op(1, 2, -1, -1, -1);
    op(1, 3, -1, -1, -2);
    op(1, 4, MIN, -1, MIN);
    op(1, 4, 7, 0, -1);
    op(1, 4, -7, 2, -3);
    op(1, 5, -1, 0, -1);
    op(1, 5, -1, 2, MAX);
    op(1, 6, MIN, -1, 0);
    op(1, 6, -7, 0, -7);
    op(1, 6, -7, 2, -1);
    op(1, 7, -1, 0, -1);
    op(1, 7, 7, 4, 3);
    op32(1, 0, 0x10000, 0x10000, 0);
    op32(1, 4, 0x80000000L, -1, -0x80000000L);
    op32(1, 4, 5, 0, -1);
    op32(1, 5, -1, 1, -1);
    op32(1, 5, 0x1_00000000L, 0, -1);
    op32(1, 6, 0x80000000L, -1, 0);
    op32(1, 7, 0xffffffffL, 0, -1);
  }

  @Test
  void upperImmediatesAndJumps() {
    assertEquals(-0x80000000L, run(Asm.u(0x37, 7, 0x80000), 0, 0));
    assertEquals(0x100_00000000L - 4096, run(Asm.u(0x17, 7, 0xfffff), 0, 0));
    assertEquals(0x100_00000004L, run(Asm.jal(7, 1 << 19), 0, 0));
    Machine same = Lab.running(Asm.i(0x67, 0, 5, 5, 3));
    Lab.set(same, 5, 0x2000);
    Lab.step(same, false);
    assertEquals(0x2002, same.pc(), "the lowest bit is cleared, the old rs1 is used");
    assertEquals(0x100_00000004L, same.register(5));
    Lab.step(same, false);
    assertEquals(Machine.FAULTED, same.status());
  }

  @Test
  void branchesGoWhereTheySay() {
    long[][] pairs = {{1, 1}, {-1, 1}, {1, -1}};
    boolean[][] taken = {
      {true, false, false},
      {false, true, true},
      null,
      null,
      {false, true, false},
      {true, false, true},
      {false, false, true},
      {true, true, false}
    };
    for (int f3 : new int[] {0, 1, 4, 5, 6, 7}) {
      for (int i = 0; i < 3; i++) {
        for (int offset : new int[] {-4096, 4094, 8, -2}) {
          Machine m = Lab.running(Asm.b(f3, 5, 6, offset));
          Lab.set(m, 5, pairs[i][0]);
          Lab.set(m, 6, pairs[i][1]);
          Lab.step(m, false);
          assertEquals(taken[f3][i] ? offset : 4, m.pc() - 0x100_00000000L, f3 + "/" + i);
        }
      }
    }
  }

  @Test
  void loadsExtendAndStoresKeepTheRest() {
    Machine m = Lab.machine();
    Lab.poke(m, 64, 0x84838281);
    Lab.poke(m, 68, 0x88878685);
    long[] expected = {
      -0x7f, -0x7d7f, 0xffffffff_84838281L, 0x88878685_84838281L, 0x81, 0x8281, 0x84838281L
    };
    m.proceed(0);
    for (int f3 = 0; f3 < 7; f3++) {
      Lab.poke(m, 0, Asm.i(0x03, f3, 7, 0, 64));
      m.proceed(0);
      Lab.step(m, false);
      assertEquals(expected[f3], m.register(7), "load " + f3);
    }
    long[] stored = {
      0x88878685_84838211L, 0x88878685_84832211L, 0x88878685_44332211L, 0x88776655_44332211L
    };
    for (int f3 = 0; f3 < 4; f3++) {
      Lab.poke(m, 0, Asm.s(f3, 0, 5, 64));
      Lab.set(m, 5, 0x88776655_44332211L);
      m.proceed(0);
      Lab.step(m, false);
      Lab.poke(m, 0, Asm.i(0x03, 3, 7, 0, 64));
      m.proceed(0);
      Lab.step(m, false);
      assertEquals(stored[f3], m.register(7), "store " + f3);
    }
  }

  @Test
  void addressesThatFault() {
    for (int size = 1; size < 4; size++) {
      for (int off = 1; off < 1 << size; off++) {
        faults("load at", Asm.i(0x03, size, 7, 5, off), 64, 0);
        faults("store at", Asm.s(size, 5, 6, off), 64, 0);
      }
    }
    long state = Lab.SIZES.length(Regions.STATE);
    faults("load at", Asm.i(0x03, 0, 7, 5, 0), state, 0);
    faults("store at", Asm.s(3, 5, 6, 0), state, 0);
    faults("load at", Asm.i(0x03, 0, 7, 5, -1), 0, 0);
    for (int region = 6; region < 8; region++) {
      faults("load at", Asm.i(0x03, 0, 7, 5, 0), (long) region << 40, 0);
    }
    for (int bit = 43; bit < 64; bit++) {
      faults("load at", Asm.i(0x03, 0, 7, 5, 0), 1L << bit, 0);
      faults("store at", Asm.s(0, 5, 6, 0), 1L << bit, 0);
    }
    for (int region = 1; region < 4; region++) {
      faults("store at", Asm.s(0, 5, 6, 0), Regions.base(region), 0);
    }
  }

  @Test
  void wordsThatFault() {
    int[] words = {
      0,
      -1,
      0x00100073,
      0x30200073,
      0x10500073,
      0x30001073,
      0x00002073,
      Asm.r(0x2f, 2, 0, 7, 5, 6),
      Asm.r(0x43, 0, 0, 7, 5, 6),
      Asm.i(0x07, 2, 7, 5, 0),
      Asm.i(0x27, 2, 7, 5, 0),
      Asm.r(0x53, 0, 0x01, 7, 5, 6),
      Asm.r(0x53, 0, 0x78, 7, 5, 0),
      0x4501
    };
    for (int word : words) {
      faults("illegal instruction", word, 0, 0);
    }
  }

  @Test
  void vectorInstructions() {
    Machine m = Lab.machine();
    long base = 4096 - 64;
    for (int i = 0; i < 8; i++) {
      Lab.poke(m, base + 4 * i, 0x7f80ff01); // 1, -1, -128, 127
      Lab.poke(m, base + 32 + 4 * i, 0x80000003 + (i << 16)); // 3, -32768 + i
    }
    long dot =
        4 * (3 - -32768 + -128 * 3) + 127 * (4 * -32768L) - (0 + 2 + 4 + 6) + 127 * (1 + 3 + 5 + 7);
    long expected = 0;
    for (int i = 0; i < 8; i++) {
      expected += (i & 1) == 0 ? 3 + 32768L - i : -128 * 3 + 127 * (-32768L + i);
    }
    assertEquals(expected, vector(m, base, 2, base + 32));
    assertEquals(dot, expected);
    Lab.poke(m, base, 0x000000f1);
    m.proceed(0);
    Lab.poke(m, 0, Asm.i(0x0b, 1, 0, 5, 0));
    Lab.set(m, 5, base);
    Lab.step(m, false);
    assertEquals(1, m.cpu().v[0]);
    assertEquals(15, m.cpu().v[16]);
    assertEquals(0, m.cpu().v[1]);
  }

  private static long vector(Machine m, long weights, int f3, long values) {
    Lab.poke(m, 0, Asm.i(0x0b, 0, 0, 5, 0));
    Lab.poke(m, 4, Asm.i(0x0b, f3, 7, 6, 0));
    m.proceed(0);
    Lab.set(m, 5, weights);
    Lab.set(m, 6, values);
    Lab.step(m, false);
    Lab.step(m, false);
    return m.register(7);
  }

  @Test
  void floatsAreSignExtendedAndCanonical() {
    fp(0x00, 0, 6, 0x3f800000, 0x40000000, 0x40400000);
    fp(0x00, 7, 6, 0x1234_5678_3f800000L, 0xbf800000L, 0);
    fp(0x04, 0, 6, 0x3f800000, 0x40000000, 0xffffffff_bf800000L);
    fp(0x08, 0, 6, 0x7f800000, 0, 0x7fc00000);
    fp(0x0c, 0, 6, 0x3f800000, 0x80000000L, 0xffffffff_ff800000L);
    fp(0x2c, 0, 0, 0x80000000L, 0, -0x80000000L);
    fp(0x2c, 0, 0, 0xbf800000L, 0, 0x7fc00000);
    fp(0x10, 0, 6, 0xff800001L, 0, 0x7f800001);
    fp(0x10, 1, 6, 0x3f800000, 0x3f800000, 0xffffffff_bf800000L);
    fp(0x10, 2, 6, 0xbf800000L, 0xbf800000L, 0x3f800000);
    fp(0x14, 0, 6, 0, 0x80000000L, -0x80000000L);
    fp(0x14, 1, 6, 0xffc00001L, 0x3f800000, 0x3f800000);
    fp(0x50, 2, 6, 0, 0x80000000L, 1);
    fp(0x50, 1, 6, 0x80000000L, 0, 0);
    fp(0x50, 0, 6, 0x7fc00000, 0x7fc00000, 0);
    fp(0x70, 1, 0, 0xff800000L, 0, 1);
    fp(0x60, 0, 0, 0x40200000, 0, 2);
    fp(0x60, 1, 0, 0xbfffffffL, 0, -1);
    fp(0x60, 0, 1, 0x4f7fffffL, 0, (int) 0xffffff00L);
    fp(0x60, 0, 3, 0xbf800000L, 0, 0);
    fp(0x60, 0, 2, 0x7fc00000, 0, MAX);
    fp(0x68, 0, 0, 0xffffffffL, 0, 0xffffffff_bf800000L);
    fp(0x68, 0, 1, 0xffffffffL, 0, 0x4f800000);
    fp(0x68, 0, 3, -1, 0, 0x5f800000);
    fp(0x20, 0, 2, 0x5555_bc00L, 0, 0xffffffff_bf800000L);
    fp(0x22, 0, 0, 0xbf800000L, 0, 0xffffffff_ffffbc00L);
  }
}
