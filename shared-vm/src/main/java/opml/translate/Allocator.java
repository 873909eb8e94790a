package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Gives each virtual register a machine register by colouring, or a slot in SCRATCH. No register is
 * kept across a call by rule: a caller avoids exactly the registers that the callee really writes.
 */
final class Allocator {
  /** All but x0 and x3. */
  static final int COLOURS = 30;

  private static final int[] ORDER = {
    10, 11, 12, 13, 14, 15, 16, 17, 5, 6, 7, 28, 29, 30, 31, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
    8, 9, 4, 2, 1
  };

  private final Routine routine;
  private final BitSet reloads = new BitSet();
  private Interference graph;
  private int[] colour;
  private int[] degree;

  private Allocator(Routine routine) {
    this.routine = routine;
  }

  static void run(Routine routine) {
    Allocator allocator = new Allocator(routine);
    BitSet spilled = allocator.attempt();
    while (!spilled.isEmpty()) {
      Spiller.run(routine, allocator.graph, spilled, allocator.reloads);
      spilled = allocator.attempt();
    }
    allocator.apply();
  }

  private BitSet attempt() {
    graph = new Interference(routine);
    colour = new int[routine.registers];
    degree = new int[routine.registers];
    BitSet left = new BitSet();
    for (int i = 0; i < routine.registers; i++) {
      colour[i] = i < 32 ? i : -1;
      if (i >= 32 && graph.find(i) == i && graph.cost[i] > 0) {
        left.set(i);
        degree[i] = graph.edges[i].cardinality();
      }
    }
    List<Integer> removed = new ArrayList<>();
    while (!left.isEmpty()) {
      int register = choose(left);
      removed.add(register);
      left.clear(register);
      graph.edges[register].stream().forEach(n -> degree[n]--);
    }
    return select(removed.reversed());
  }

  /** A register that can surely be coloured later, or else the one that is cheapest to spill. */
  private int choose(BitSet left) {
    int best = -1;
    double bestCost = 0;
    for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
      if (degree[i] < COLOURS) {
        return i;
      }
      double cost = reloads.get(i) ? Double.MAX_VALUE : graph.cost[i] / degree[i];
      if (best < 0 || cost < bestCost) {
        best = i;
        bestCost = cost;
      }
    }
    return best;
  }

  private BitSet select(List<Integer> order) {
    BitSet spilled = new BitSet();
    BitSet used = new BitSet();
    allWrites(used);
    for (int register : order) {
      BitSet taken = new BitSet();
      graph.edges[register].stream().filter(n -> colour[n] >= 0).forEach(n -> taken.set(colour[n]));
      int chosen = -1;
      for (int candidate : ORDER) {
        if (!taken.get(candidate) && (chosen < 0 || used.get(candidate) && !used.get(chosen))) {
          chosen = candidate;
        }
      }
      if (chosen < 0) {
        spilled.set(register);
      } else {
        colour[register] = chosen;
        used.set(chosen);
      }
    }
    return spilled;
  }

  private void allWrites(BitSet used) {
    for (Block block : routine.blocks) {
      block.body.forEach(i -> Operands.writes(i, r -> used.set(r < 32 ? r : 0)));
    }
    used.clear(0);
  }

  private void apply() {
    for (Block block : routine.blocks) {
      for (Instr instr : block.body) {
        Operands.renameReads(instr, r -> colour[graph.find(r)]);
        if (Operands.counted(instr.dst)) {
          instr.dst = colour[graph.find(instr.dst)];
        }
      }
      block.body.removeIf(i -> i.op == Op.MOVE && i.dst == i.a);
      if (block.branch != null) {
        Operands.renameReads(block.branch, r -> colour[graph.find(r)]);
      }
    }
    allWrites(routine.clobbers);
  }
}
