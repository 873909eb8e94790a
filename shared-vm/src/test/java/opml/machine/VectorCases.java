package opml.machine;

/** The steps worth a vector: each instruction class, each way to stop, operands at the edges. */
final class VectorCases {
  private static final long MIN = Long.MIN_VALUE;
  private static final long[][] INTEGERS = {
    {0x123456789abcdef0L, 0xfedcba9876543217L},
    {MIN, -1},
    {MIN, -2},
    {7, 0},
    {0, -7},
    {-5, 3},
    {22, 1},
    {-22, -3}
  };
  private static final long[][] M_WORDS = {
    {0x80000000L, 0xffffffffL},
    {-7, 0},
    {0xfffffff9L, 2},
    {0xffffffffL, 7},
    {0xfffffffeL, 0xffffffffL},
    {0x3_ffffffffL, 1},
    {0xffffffffL, 0x3_00000003L}
  };
  private static final long[][] SHORT = {{0x123456789abcdef0L, 0x8000000f}, {-1, 63}};
  private static final long STATE = 0;

  private final StepVectors to;

  VectorCases(StepVectors to) {
    this.to = to;
  }

  void all() {
    integers();
    control();
    memory();
    vector();
    new FloatCases(to).all();
    stops();
    forms();
  }

  private void run(String name, int word, long a, long b) {
    to.add(name, to.at(word, a, b, 0x1122334455667788L), false);
  }

  private void integers() {
    int[] wide = {0, 1, 2, 3, 4, 5, 6, 7};
    for (int f3 : wide) {
      for (long[] p : f3 > 3 ? INTEGERS : SHORT) {
        run("op " + f3, Asm.r(0x33, f3, 0, 7, 5, 6), p[0], p[1]);
      }
      for (long[] p : INTEGERS) {
        run("m " + f3, Asm.r(0x33, f3, 1, 7, 5, 6), p[0], p[1]);
      }
      for (int imm : new int[] {-1, 1365}) {
        run("op-imm " + f3, Asm.i(0x13, f3, 7, 5, imm & (f3 == 1 || f3 == 5 ? 63 : -1)), -9, 0);
      }
    }
    for (int f3 : new int[] {0, 5}) {
      run("op alternative " + f3, Asm.r(0x33, f3, 32, 7, 5, 6), MIN + 77, 62);
      run("op-32 alternative " + f3, Asm.r(0x3b, f3, 32, 7, 5, 6), 0x80000001L, 30);
    }
    for (int f3 : new int[] {2, 3}) {
      run("op equal " + f3, Asm.r(0x33, f3, 0, 7, 5, 6), -9, -9);
      run("op-imm equal " + f3, Asm.i(0x13, f3, 7, 5, -9), -9, 0);
      run("op-imm greater " + f3, Asm.i(0x13, f3, 7, 5, -9), -5, 0);
    }
    for (int f3 : new int[] {4, 6, 7}) {
      run("op-imm few bits " + f3, Asm.i(0x13, f3, 7, 5, 1365), 0x30f0, 0);
    }
    run("srliw", Asm.i(0x1b, 5, 7, 5, 17), 0x80000000L, 0);
    run("srai", Asm.i(0x13, 5, 7, 5, 1024 | 63), MIN, 0);
    run("sraiw", Asm.i(0x1b, 5, 7, 5, 1024 | 31), 0x1_80000000L, 0);
    run("srai by few", Asm.i(0x13, 5, 7, 5, 1024 | 5), MIN + 77, 0);
    run("sraiw by few", Asm.i(0x1b, 5, 7, 5, 1024 | 9), 0x87654321L, 0);
    for (int by : new int[] {0x55, 0x6a}) { // only the low bits of a distance count, each of them
      for (int f7 : new int[] {0, 32}) {
        run("op distance " + f7, Asm.r(0x33, 5, f7, 7, 5, 6), MIN + 77, by);
        run("op-32 distance " + f7, Asm.r(0x3b, 5, f7, 7, 5, 6), 0x87654321L, by);
      }
      run("sll distance", Asm.r(0x33, 1, 0, 7, 5, 6), 0x87654321L, by);
      run("sllw distance", Asm.r(0x3b, 1, 0, 7, 5, 6), 0x87654321L, by);
      run("slli distance", Asm.i(0x13, 1, 7, 5, by & 63), 0x87654321L, 0);
      run("slliw distance", Asm.i(0x1b, 1, 7, 5, by & 31), 0x87654321L, 0);
    }
    for (int f3 : new int[] {0, 1, 5}) {
      run("op-32 " + f3, Asm.r(0x3b, f3, 0, 7, 5, 6), 0x17fffffffL, 0x21);
      run("op-imm-32 " + f3, Asm.i(0x1b, f3, 7, 5, 17), 0x7fffffffL, 0);
    }
    for (int f3 : new int[] {0, 4, 5, 6, 7}) {
      for (long[] p : M_WORDS) {
        run("m-32 " + f3, Asm.r(0x3b, f3, 1, 7, 5, 6), p[0], p[1]);
      }
    }
    run("lui", Asm.u(0x37, 7, 0x80001), 0, 0);
    run("auipc", Asm.u(0x17, 7, 0xfffff), 0, 0);
    for (int upper : new int[] {0x55555, 0xaaaaa}) {
      run("lui bits", Asm.u(0x37, 31, upper), 0, 0);
      run("auipc bits", Asm.u(0x17, 31, upper), 0, 0);
    }
    run("write to x0", Asm.addi(0, 5, 1), 41, 0);
    run("x1", Asm.addi(1, 5, 1), 41, 0);
    run("x31", Asm.addi(31, 5, 1), 41, 0);
    for (int r = 1; r < 32; r <<= 1) { // each bit of the three fields
      run("registers " + r, Asm.r(0x33, 0, 0, r, r, 31 - r), 41, 0);
      run("registers beside " + r, Asm.r(0x33, 0, 0, 31 - r, 31 - r, r), 41, 0);
    }
    Machine ones = to.at(Asm.addi(7, 5, 1), -1, -1, -1);
    for (int i = 1; i < 32; i++) {
      Lab.set(ones, i, -1); // what stands beside a register stays, its sign too
    }
    to.add("x7 among ones", ones, false);
  }

  private void control() {
    for (int f3 : new int[] {0, 1, 4, 5, 6, 7}) {
      run("branch " + f3, Asm.b(f3, 5, 6, -4096), -1, 1);
      run("branch greater " + f3, Asm.b(f3, 5, 6, -4096), 1, -1);
      run("branch equal " + f3, Asm.b(f3, 5, 6, 4094), 3, 3);
    }
    run("jal", Asm.jal(7, -1048576), 0, 0);
    run("jal odd", Asm.jal(7, 1048574), 0, 0);
    for (int offset : new int[] {0x55554, 0xaaaaa}) { // each bit of the field
      run("jal offset", Asm.jal(31, offset), 0, 0);
      run("branch offset", Asm.b(0, 5, 6, offset & 4094), 3, 3);
    }
    run("jalr", Asm.i(0x67, 0, 5, 5, -2047), 0x1234, 0);
    run("jalr funct3", Asm.i(0x67, 1, 5, 5, 0), 0x1234, 0);
    run("branch funct3 2", Asm.b(2, 5, 6, 8), 0, 0);
    run("branch funct3 3", Asm.b(3, 5, 6, 8), 0, 0);
    run("fence", 0x0ff0000f, 0, 0);
    run("fence.i", 0x0000100f, 0, 0);
    run("fence funct3 2", 0x0000200f, 0, 0);
    lastOfLeaf("branch not taken", Asm.b(0, 5, 6, -8));
    lastOfLeaf("branch taken", Asm.b(1, 5, 6, -12));
    lastOfLeaf("jal", Asm.jal(7, 1364));
    lastOfLeaf("jalr", Asm.i(0x67, 0, 7, 5, 1366));
    lastOfLeaf("auipc", Asm.u(0x17, 7, 0x55555));
    lastOfLeaf("addi", Asm.addi(7, 5, 1));
  }

  /** The word as the last of a leaf: its address has other bits, the next one carries. */
  private void lastOfLeaf(String name, int word) {
    Machine m = to.at(0, 1, 2, 3);
    Lab.poke(m, 0x7c, word);
    m.cpu().pc = 0x7c;
    to.add(name + " at the end of a leaf", m, false);
  }

  private void memory() {
    for (int f3 = 0; f3 < 8; f3++) {
      for (int offset : new int[] {0, 40, 56, 57, 58, 60}) {
        run("load " + f3 + " at " + offset, Asm.i(0x03, f3, 7, 5, offset), STATE + 32, 0);
      }
    }
    for (int f3 = 0; f3 < 5; f3++) {
      for (int offset : new int[] {-32, 24, 25, 26, 28}) {
        run("store " + f3 + " at " + offset, Asm.s(f3, 5, 6, offset), 64, 0x8877665544332211L);
      }
    }
    for (int region = 0; region < 8; region++) {
      long base = (long) region << 40;
      run("load of region " + region, Asm.i(0x03, 3, 7, 5, 8), base, 0);
      run("store to region " + region, Asm.s(2, 5, 7, 8), base, 0);
      run("load beyond region " + region, Asm.i(0x03, 0, 7, 5, 0), base + 4096, 0);
    }
    run("load of last byte", Asm.i(0x03, 0, 7, 5, 0), 255, 0);
    run("load behind last byte", Asm.i(0x03, 0, 7, 5, 0), 256, 0);
    run("load below zero", Asm.i(0x03, 3, 7, 5, -8), 0, 0);
    run("load with bit 43", Asm.i(0x03, 3, 7, 5, 0), 1L << 43, 0);
    run("load with bit 63", Asm.i(0x03, 3, 7, 5, 0), MIN, 0);
    run("load to x0", Asm.i(0x03, 3, 0, 5, 0), 0, 0);
    run("load to x31", Asm.i(0x03, 3, 31, 5, 0), 0, 0);
    for (int offset : new int[] {0x2a8, 0x550, -0x2a8, -0x550}) { // each bit of the field
      run("load offset", Asm.i(0x03, 3, 7, 5, offset), 64 - offset, 0);
      run("store offset", Asm.s(3, 5, 6, offset), 64 - offset, 0x8877665544332211L);
    }
    long code = Regions.base(Regions.CODE);
    run("store misaligned to CODE", Asm.s(2, 5, 6, 2), code, 0);
    run("store beyond CODE", Asm.s(2, 5, 6, 0), code + 4096, 0);
    run("store to CODE from below", Asm.s(3, 5, 6, 8), code - 8, 0);
    run("load beside the base", Asm.i(0x03, 3, 7, 5, 8), 40, 0);
    Machine own = to.at(Asm.addi(0, 0, 0), 0, 16, 0x1234567);
    Lab.poke(own, 0, Asm.s(2, 6, 7, 0));
    own.cpu().pc = 0;
    to.add("store beside the instruction's own leaf", own, false);
    Machine over = to.at(Asm.addi(0, 0, 0), 0, 0, 0x1234567);
    Lab.poke(over, 0, Asm.s(2, 6, 7, 0));
    over.cpu().pc = 0;
    to.add("store over the instruction itself", over, false);
  }

  private void vector() {
    for (int f3 = 0; f3 < 8; f3++) {
      int rd = f3 == 2 || f3 == 3 ? 7 : 0;
      run("xopml " + f3, Asm.i(0x0b, f3, rd, 5, 32), Regions.base(Regions.WEIGHTS), 0);
      run("xopml state " + f3, Asm.i(0x0b, f3, rd, 5, 16), 64, 0);
      run("xopml misaligned " + f3, Asm.i(0x0b, f3, rd, 5, 8), 64, 0);
      run("xopml other rd " + f3, Asm.i(0x0b, f3, 7 - rd, 5, 0), 64, 0);
      run("xopml rd 16 " + f3, Asm.i(0x0b, f3, 16, 5, 0), 64, 0);
      run("xopml beyond " + f3, Asm.i(0x0b, f3, rd, 5, 0), 1 << 20, 0);
    }
    for (int rd = 1; rd < 16; rd <<= 1) {
      run("vload rd " + rd, Asm.i(0x0b, 0, rd, 5, 0), 64, 0);
      run("vload4 rd " + rd, Asm.i(0x0b, 1, rd, 5, 0), 64, 0);
    }
    run("dotl to x31", Asm.i(0x0b, 2, 31, 5, 0), 64, 0);
    run("doth to x31", Asm.i(0x0b, 3, 31, 5, 0), 64, 0);
    run("vload4 at the base", Asm.i(0x0b, 1, 0, 5, 0), 80, 0);
  }

  private void stops() {
    int[] illegal = {
      0,
      -1,
      0x00100073,
      0x30200073,
      0x10500073,
      0x30529073,
      0x000000f3,
      0x1002a2af,
      0x0002a287,
      0x00000001,
      0x40005033 ^ 1 << 30 ^ 1 << 31,
      Asm.r(0x33, 1, 32, 7, 5, 6),
      Asm.r(0x3b, 2, 0, 7, 5, 6),
      Asm.r(0x3b, 1, 1, 7, 5, 6),
      Asm.i(0x13, 1, 7, 5, 64),
      Asm.i(0x13, 5, 7, 5, 2048 | 1),
      Asm.i(0x1b, 1, 7, 5, 32),
      Asm.i(0x1b, 5, 7, 5, 32),
      Asm.i(0x1b, 2, 7, 5, 0)
    };
    for (int word : illegal) {
      run("illegal", word, 1, 2);
    }
    for (long a7 : new long[] {0, 1, 2, 93, 1L << 32, -1}) {
      Machine m = to.at(Asm.ecall(), 1, 2, 3);
      Lab.set(m, 17, a7);
      to.add("ecall " + a7, m, a7 == 1);
    }
    long code = Regions.base(Regions.CODE);
    for (long pc : new long[] {code + 2, code + 1, code + 4096, code - 4, 6L << 40, -4, 1L << 43}) {
      Machine m = to.at(Asm.addi(7, 7, 1), 1, 2, 3);
      m.cpu().pc = pc;
      to.add("fetch at a bad address", m, pc == -4);
    }
    for (int region = 0; region < 6; region++) {
      Machine m = to.at(Asm.addi(7, 7, 1), 1, 2, 3);
      m.cpu().pc = Regions.base(region) + 28;
      to.add("fetch from region " + region, m, false);
    }
  }

  private void forms() {
    for (boolean boundary : new boolean[] {false, true}) {
      Machine yielded = to.at(Asm.ecall(), 1, 2, 3);
      Lab.set(yielded, 17, 0);
      yielded.run(1);
      to.add("yield, boundary " + boundary, yielded, boundary);
      Machine exited = to.at(Asm.ecall(), 1, 2, 3);
      Lab.set(exited, 17, 1);
      exited.run(1);
      to.add("exit, boundary " + boundary, exited, boundary);
      Machine faulted = to.at(0, 1, 2, 3);
      faulted.run(1);
      to.add("fault, boundary " + boundary, faulted, boundary);
      to.add("run, boundary " + boundary, to.at(Asm.addi(7, 7, 1), 1, 2, 3), boundary);
    }
    resumes("resume and run");
  }

  /** The first step after a yield goes on running: SCRATCH is zero again. */
  private void resumes(String name) {
    Machine m = to.at(Asm.addi(7, 7, 1), 1, 2, 3);
    Lab.set(m, 17, 0);
    Lab.poke(m, 0, Asm.ecall());
    m.cpu().pc = 0;
    m.run(1);
    to.add(name, m, true);
  }

  /** One step of each kind with regions as large as a real model's. */
  void largeRegions() {
    long weights = Regions.base(Regions.WEIGHTS);
    run("large alu", Asm.r(0x33, 0, 0, 7, 5, 6), 1, 2);
    run("large divide", Asm.r(0x33, 4, 1, 7, 5, 6), 1000, 7);
    run("large load", Asm.i(0x03, 3, 7, 5, 8), weights, 0);
    run("large store", Asm.s(3, 5, 6, 8), 1 << 20, 2);
    run("large vload", Asm.i(0x0b, 0, 0, 5, 32), weights, 0);
    run("large vload4", Asm.i(0x0b, 1, 0, 5, 32), weights, 0);
    run("large dotl", Asm.i(0x0b, 2, 7, 5, 32), 64, 0);
    run("large doth", Asm.i(0x0b, 3, 7, 5, 32), 64, 0);
    run("large add", Asm.r(0x53, 0, 0x00, 7, 5, 6), 0x3fc00000, 0x33333333);
    run("large multiply", Asm.r(0x53, 0, 0x08, 7, 5, 6), 0x3fc00000, 0x33333333);
    run("large float divide", Asm.r(0x53, 0, 0x0c, 7, 5, 6), 0x3fc00000, 0x33333333);
    run("large sqrt", Asm.r(0x53, 0, 0x2c, 7, 5, 0), 0x3fc00000, 0);
    Machine m = to.at(Asm.ecall(), 1, 2, 3);
    Lab.set(m, 17, 0);
    to.add("large yield", m, false);
    to.add("large resume", m, true);
    resumes("large resume and run");
  }

  /** The largest regions that there are, or the smallest. */
  void extremeRegions() {
    Machine m = to.at(Asm.ecall(), 1, 2, 3);
    Lab.set(m, 17, 0);
    to.add("extreme yield", m, false);
    to.add("extreme resume", m, true);
    resumes("extreme resume and run");
    for (int region = 0; region < 6; region++) {
      long last = Regions.base(region) + to.length(region) - 8;
      run("last load of region " + region, Asm.i(0x03, 3, 7, 5, 0), last, 0);
      run("last store to region " + region, Asm.s(3, 5, 6, 0), last, 0x8877665544332211L);
    }
  }
}
