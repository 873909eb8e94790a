package opml.translate;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shortens the flow of a routine: known branches, empty blocks, straight lines, loops tested at
 * their end.
 */
final class Simplifier {
  /** A loop head of up to this many instructions is copied to the loop's end. */
  private static final int HEAD = 5;

  private final Routine routine;

  private Simplifier(Routine routine) {
    this.routine = routine;
  }

  static void run(Routine routine) {
    Simplifier simplifier = new Simplifier(routine);
    simplifier.thread();
    simplifier.merge();
    simplifier.rotate();
    simplifier.merge();
  }

  private void thread() {
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Block block : routine.blocks) {
        Block next = skip(block.next);
        Block taken = skip(block.taken);
        if (block.branch == null
            && next != null
            && next.loop == null
            && next.body.isEmpty()
            && next.branch != null) {
          Boolean known = known(block, next.branch);
          next = known == null ? next : known ? next.taken : next.next;
        }
        changed |= next != block.next || taken != block.taken;
        block.next = next;
        block.taken = taken;
      }
    }
    prune();
  }

  private static Block skip(Block block) {
    Block result = block;
    for (int i = 0; result != null && i < 64; i++) {
      if (!result.body.isEmpty()
          || result.branch != null
          || result.next == null
          || result.loop != null) {
        return result;
      }
      result = result.next;
    }
    return result;
  }

  /**
   * Whether a test against zero is decided by a constant that the block has just assigned; null
   * when unknown.
   */
  private static Boolean known(Block block, Instr branch) {
    if (branch.b != 0 || branch.op != Op.BEQ && branch.op != Op.BNE) {
      return null;
    }
    for (Instr instr : block.body.reversed()) {
      if (instr.dst == branch.a) {
        return instr.op == Op.LI ? (instr.imm == 0) == (branch.op == Op.BEQ) : null;
      }
    }
    return null;
  }

  /** Drops blocks that nothing reaches. */
  private void prune() {
    Set<Block> reached = new HashSet<>(new Loops(routine).order);
    routine.blocks.removeIf(b -> !reached.contains(b));
  }

  private void merge() {
    Loops loops = new Loops(routine);
    Set<Block> gone = new HashSet<>();
    for (Block block : routine.blocks) {
      while (!gone.contains(block)
          && block.branch == null
          && block.next != null
          && block.next != block) {
        Block next = block.next;
        if (loops.predecessors.get(next.index).size() != 1 || next == routine.blocks.getFirst()) {
          break;
        }
        block.body.addAll(next.body);
        block.branch = next.branch;
        block.taken = next.taken;
        block.next = next.next;
        gone.add(next);
        next.branch = null;
        next.taken = null;
        next.next = null;
      }
    }
    routine.blocks.removeAll(gone);
  }

  /**
   * Copies a loop's test to the jumps that go back to it: one instruction less in each iteration.
   */
  private void rotate() {
    Loops loops = new Loops(routine);
    for (Map.Entry<Block, BitSet> loop : loops.loops.entrySet()) {
      Block head = loop.getKey();
      if (head.branch == null || !copied(head.body)) {
        continue;
      }
      boolean stays = loop.getValue().get(head.taken.index);
      Block inside = stays ? head.taken : head.next;
      if (stays && loop.getValue().get(head.next.index) || inside.loop != null) {
        continue; // a copy would give the loop two entries, or the head of another one
      }
      inside.loop = head.loop;
      for (Block latch : loops.predecessors.get(head.index)) {
        if (latch != head && loop.getValue().get(latch.index)) {
          repeat(head, latch);
        }
      }
    }
  }

  private void repeat(Block head, Block latch) {
    Block end = latch;
    if (latch.branch != null) {
      end = new Block(latch.site);
      routine.blocks.add(end);
      latch.taken = latch.taken == head ? end : latch.taken;
      latch.next = latch.next == head ? end : latch.next;
    }
    for (Instr instr : head.body) {
      end.body.add(instr.copy());
    }
    end.branch = head.branch.copy();
    end.taken = head.taken;
    end.next = head.next;
  }

  private static boolean copied(List<Instr> body) {
    return body.size() <= HEAD
        && body.stream()
            .noneMatch(i -> i.op == Op.LOOP_BOUND || i.op == Op.TOTAL_BOUND || i.op == Op.CALL);
  }
}
