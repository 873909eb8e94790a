package opml.translate;

import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Which registers an instruction reads and writes. x0 and x3, the base of the spills, are never
 * counted.
 */
final class Operands {
  /** Holds the middle of the SCRATCH window. */
  static final int SCRATCH = 3;

  private static final int LINK = 1;

  private Operands() {}

  static boolean counted(int register) {
    return register > 0 && register != SCRATCH;
  }

  static void reads(Instr instr, IntConsumer use) {
    if (instr.op == Op.CALL) {
      for (int i = 0; i < instr.imm; i++) {
        use.accept(Lowering.ARGUMENT + i);
      }
      return;
    }
    if (counted(instr.a)) {
      use.accept(instr.a);
    }
    if (counted(instr.b) && instr.b != instr.a) {
      use.accept(instr.b);
    }
  }

  static void writes(Instr instr, IntConsumer definition) {
    if (instr.op == Op.CALL) {
      definition.accept(LINK);
      instr.callee.clobbers.stream().filter(r -> r != LINK).forEach(definition);
    } else if (counted(instr.dst)) {
      definition.accept(instr.dst);
    }
  }

  /** Replaces the registers it reads. */
  static void renameReads(Instr instr, IntUnaryOperator name) {
    if (counted(instr.a)) {
      instr.a = name.applyAsInt(instr.a);
    }
    if (counted(instr.b)) {
      instr.b = name.applyAsInt(instr.b);
    }
  }
}
