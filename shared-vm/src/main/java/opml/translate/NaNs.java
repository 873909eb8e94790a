package opml.translate;

import java.util.Arrays;

/**
 * Makes each CANON an fmin of the value with itself, which turns any NaN into 7fc00000 and keeps
 * the rest, or a move where the value comes from arithmetic and so has no other NaN (INV-07).
 */
final class NaNs {
  private NaNs() {}

  static void resolve(Routine routine) {
    boolean[] canonical = new boolean[routine.registers];
    Arrays.fill(canonical, 32, canonical.length, true);
    canonical[0] = true;
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Block block : routine.blocks) {
        for (Instr instr : block.body) {
          if (instr.dst >= 32 && canonical[instr.dst] && !canonical(instr, canonical)) {
            canonical[instr.dst] = false;
            changed = true;
          }
        }
      }
    }
    for (Block block : routine.blocks) {
      block.body.replaceAll(
          i ->
              i.op != Op.CANON
                  ? i
                  : canonical[i.a]
                      ? new Instr(Op.MOVE, i.dst, i.a, -1, 0)
                      : new Instr(Op.FMIN, i.dst, i.a, i.a, 0));
    }
  }

  private static boolean canonical(Instr instr, boolean[] known) {
    return switch (instr.op) {
      case MOVE -> known[instr.a];
      case LI -> {
        float value = Float.intBitsToFloat((int) instr.imm);
        yield value == value || (int) instr.imm == 0x7fc00000;
      }
      default -> instr.op.canonical();
    };
  }
}
