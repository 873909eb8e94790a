package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves constants that every iteration of a loop needs in front of it. Where registers run out, the
 * allocator makes them anew at each use, as if nothing had been moved.
 */
final class Hoisting {
  private final Routine routine;
  private Loops loops;

  private Hoisting(Routine routine) {
    this.routine = routine;
  }

  static void run(Routine routine) {
    Hoisting hoisting = new Hoisting(routine);
    do {
      hoisting.loops = new Loops(routine);
    } while (hoisting.pass());
  }

  /** Empties one loop of its constants, the innermost first; false when none has any. */
  private boolean pass() {
    int[] definitions = definitions();
    for (Map.Entry<Block, BitSet> loop : List.copyOf(loops.loops.entrySet()).reversed()) {
      Map<Long, Instr> constants = new HashMap<>();
      Map<Integer, Integer> names = new HashMap<>();
      loop.getValue().stream()
          .mapToObj(loops.order::get)
          .filter(b -> loops.everyTime(loop.getKey(), b))
          .forEach(b -> collect(b, definitions, constants, names));
      if (!constants.isEmpty()) {
        place(loop.getKey(), loop.getValue(), constants);
        rename(names);
        return true;
      }
    }
    return false;
  }

  private int[] definitions() {
    int[] count = new int[routine.registers];
    for (Block block : routine.blocks) {
      block.body.stream().filter(i -> i.dst >= 0).forEach(i -> count[i.dst]++);
    }
    return count;
  }

  private static void collect(
      Block block, int[] definitions, Map<Long, Instr> constants, Map<Integer, Integer> names) {
    for (Instr instr : List.copyOf(block.body)) {
      if (instr.op == Op.LI && instr.dst >= 32 && definitions[instr.dst] == 1) {
        block.body.remove(instr);
        Instr same = constants.putIfAbsent(instr.imm, instr);
        if (same != null) {
          names.put(instr.dst, same.dst);
        }
      }
    }
  }

  private void place(Block head, BitSet body, Map<Long, Instr> constants) {
    Block before = new Block(head.site);
    List<Long> values = new ArrayList<>(constants.keySet());
    values.sort(null);
    values.forEach(v -> before.body.add(constants.get(v)));
    for (Block block : loops.predecessors.get(head.index)) {
      if (!body.get(block.index)) {
        block.taken = block.taken == head ? before : block.taken;
        block.next = block.next == head ? before : block.next;
      }
    }
    before.next = head;
    routine.blocks.add(routine.blocks.indexOf(head), before);
  }

  private void rename(Map<Integer, Integer> names) {
    for (Block block : routine.blocks) {
      block.body.forEach(i -> Operands.renameReads(i, r -> names.getOrDefault(r, r)));
      if (block.branch != null) {
        Operands.renameReads(block.branch, r -> names.getOrDefault(r, r));
      }
    }
  }
}
