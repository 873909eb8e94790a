package opml.inference.emitted;

import static opml.inference.emitted.Assembler.RDI;
import static opml.inference.emitted.Assembler.X;
import static opml.inference.emitted.Assembler.Y;

/** What kernels over eight lanes of 32 bits share. Register 15 is NaN where one is needed. */
final class EightLanes {
  private static final int NAN = 15;

  private final Assembler a;

  EightLanes(Assembler a) {
    this.a = a;
  }

  /** Loads NaN, as the argument block holds it. */
  void constants(int at) {
    a.memory(Instruction.BROADCAST, Y, NAN, 0, RDI, at);
  }

  /** NaN in x becomes 7fc00000 (INV-07). */
  void canonical(int x, int free) {
    a.registers(Instruction.FLOAT_TEST, Y, free, x, x, 3);
    a.registers(Instruction.FLOAT_BLEND_BY_SIGN, Y, x, x, NAN, free << 4);
  }

  /** x = low(x, y) + high(x, y). */
  void join(Instruction low, Instruction high, int x, int y, int free) {
    a.registers(low, Y, free, x, y);
    a.registers(high, Y, x, x, y);
    a.registers(Instruction.ADD, Y, x, x, free);
  }

  /** All lanes = ((l0 . l4) . (l2 . l6)) . ((l1 . l5) . (l3 . l7)). */
  void across(Instruction op, int x, int free) {
    a.registers(Instruction.EXTRACT_128, Y, x, 0, free, 1);
    a.registers(op, X, x, x, free);
    a.registers(Instruction.SHUFFLE_32, X, free, 0, x, 0x4e);
    a.registers(op, X, x, x, free);
    a.registers(Instruction.SHUFFLE_32, X, free, 0, x, 0x55);
    a.registers(op, X, x, x, free);
    a.registers(Instruction.BROADCAST, Y, x, 0, x);
  }

  void zero(int x) {
    a.registers(Instruction.XOR, Y, x, x, x);
  }

  /** Runs {@code body} as often as a register says, at least once. */
  void repeat(int counter, Runnable body) {
    int loop = a.here();
    body.run();
    a.add(counter, -1);
    a.loopTo(loop);
  }
}
