package opml.translate;

import java.util.ArrayList;
import java.util.List;

/**
 * A basic block: straight code, then an optional conditional branch to `taken`, then `next`. `next`
 * is null after RETURN.
 */
final class Block {
  final List<Instr> body = new ArrayList<>();

  /** Where it begins, for messages. */
  final String site;

  /** For the head of a loop, its identity: the block that was the head in the class file. */
  Block loop;

  Instr branch;
  Block taken;
  Block next;

  /** Set by {@link Loops}. */
  int index;

  int depth;

  /** Machine words, set by {@link Emitter}. */
  int words;

  Block(String site) {
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
}
