package opml.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures the interpreter: {@code java -cp ... opml.machine.MachineBench [FILE.elf...]} prints
 * millions of instructions a second of CPU time for a loop of loads, stores, arithmetic and a
 * branch, and for each program given, run until it stops.
 */
final class MachineBench {
  private MachineBench() {}

  public static void main(String[] args) throws IOException {
    for (int round = 0; round < 6; round++) {
      measure("loop", loop(), 300_000_000);
      measure("matrix row", matrix(), 100_000_000);
      for (String file : args) {
        measure(file, Machine.fromElf(Files.readAllBytes(Path.of(file))), 300_000_000);
      }
    }
  }

  /** Sums, mixes and stores 512 words again and again, as compiled code would. */
  private static Machine loop() {
    return Lab.running(
        Asm.addi(5, 0, 0),
        Asm.addi(6, 0, 2047),
        Asm.i(0x03, 3, 7, 5, 0), // ld x7, 0(x5)
        Asm.i(0x03, 2, 8, 5, 8), // lw x8, 8(x5)
        Asm.r(0x33, 0, 0, 9, 7, 8), // add
        Asm.r(0x33, 4, 0, 10, 9, 6), // xor
        Asm.i(0x13, 5, 11, 10, 7), // srli
        Asm.r(0x33, 0, 1, 12, 11, 8), // mul
        Asm.s(3, 5, 12, 0), // sd
        Asm.addi(5, 5, 8),
        Asm.b(6, 5, 6, -32), // bltu
        Asm.jal(0, -44));
  }

  /** Blocks of 32 weights times 32 values, as the matrix kernel of the guest does them. */
  private static Machine matrix() {
    return Lab.running(
        Asm.addi(5, 0, 0),
        Asm.addi(6, 0, 1984),
        Asm.i(0x0b, 0, 0, 5, 0), // vload 0(x5)
        Asm.i(0x0b, 2, 8, 5, 32), // dotl x8, 32(x5)
        Asm.i(0x0b, 3, 9, 5, 64), // doth x9, 64(x5)
        Asm.r(0x3b, 0, 0, 8, 8, 9), // addw
        Asm.r(0x53, 0, 0x68, 8, 8, 0), // fcvt.s.w
        Asm.r(0x53, 0, 0x08, 8, 8, 10), // fmul.s
        Asm.r(0x53, 0, 0x00, 11, 11, 8), // fadd.s
        Asm.addi(5, 5, 32),
        Asm.b(6, 5, 6, -32), // bltu
        Asm.jal(0, -44));
  }

  private static void measure(String name, Machine m, long budget) {
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long steps = m.run(budget);
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    System.out.println(
        name
            + ": "
            + steps * 1000 / nanos
            + " M instructions/s, "
            + steps
            + " steps, status "
            + m.status());
  }
}
