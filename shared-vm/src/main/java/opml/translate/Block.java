package opml.translate;

import java.util.ArrayList;
import java.util.List;

/**
 * A basic block: straight code, then an optional conditional branch to `taken`, then `next`. `next`
 * is null after RETURN.
 */
final class Block {
  final List<Instr> body = new ArrayList<>();

  /** The inlined body the block was made for, and where it begins (for messages). */
  final int frame;

  final String site;
  Instr branch;
  Block taken;
  Block next;

  /** Set by {@link Loops}. */
  int index;

  int depth;

  /** Machine words, set by {@link Emitter}. */
  int words;

  Block(int frame, String site) {
    this.frame = frame;
    this.site = site;
  }

  List<Block> successors() {
    List<Block> result = new ArrayList<>(2);
    if (taken != null) {
      result.add(taken);
    }
    if (next != null && next != taken) {
      result.add(next);
    }
    return result;
  }

  boolean has(Op op) {
    for (Instr instr : body) {
      if (instr.op == op) {
        return true;
      }
    }
    return false;
  }
}
