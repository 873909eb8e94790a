package opml.translate;

import java.util.BitSet;
import java.util.List;

/** The registers that are read later, at the end of each block. */
final class Liveness {
  private final BitSet[] in;
  private final BitSet[] out;

  Liveness(Routine routine, Loops loops) {
    List<Block> order = loops.order;
    in = new BitSet[order.size()];
    out = new BitSet[order.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = new BitSet(routine.registers);
    }
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = in.length - 1; i >= 0; i--) {
        Block block = order.get(i);
        BitSet live = new BitSet(routine.registers);
        block.successors().forEach(s -> live.or(in[s.index]));
        out[i] = (BitSet) live.clone();
        if (block.branch != null) {
          step(block.branch, live);
        }
        block.body.reversed().forEach(instr -> step(instr, live));
        changed |= !live.equals(in[i]);
        in[i] = live;
      }
    }
  }

  /** Moves the live set from after the instruction to before it. */
  static void step(Instr instr, BitSet live) {
    Operands.writes(instr, live::clear);
    Operands.reads(instr, live::set);
  }

  /** A copy that the caller may change. */
  BitSet after(Block block) {
    return (BitSet) out[block.index].clone();
  }

  /** Drops instructions whose only effect is a register that nobody reads. */
  static void sweep(Routine routine) {
    for (boolean changed = true; changed; ) {
      changed = false;
      Loops loops = new Loops(routine);
      Liveness liveness = new Liveness(routine, loops);
      for (Block block : loops.order) {
        BitSet live = liveness.after(block);
        if (block.branch != null) {
          step(block.branch, live);
        }
        for (int i = block.body.size() - 1; i >= 0; i--) {
          Instr instr = block.body.get(i);
          if (instr.op.pure() && !live.get(instr.dst)) {
            block.body.remove(i);
            changed = true;
          } else {
            step(instr, live);
          }
        }
      }
    }
  }
}
