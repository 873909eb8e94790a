package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewrites registers that found no colour: to a constant made anew at each use, or to a slot in
 * SCRATCH.
 */
final class Spiller {
  private final Routine routine;
  private final Interference graph;
  private final BitSet reloads;

  /** The constant that is all such a register ever holds. */
  private final Map<Integer, Long> constants = new HashMap<>();

  private final Map<Integer, Integer> slots = new HashMap<>();

  private Spiller(Routine routine, Interference graph, BitSet spilled, BitSet reloads) {
    this.routine = routine;
    this.graph = graph;
    this.reloads = reloads;
    spilled.stream().forEach(r -> slots.put(r, -1));
  }

  static void run(Routine routine, Interference graph, BitSet spilled, BitSet reloads) {
    Spiller spiller = new Spiller(routine, graph, spilled, reloads);
    spiller.classify();
    for (Block block : routine.blocks) {
      spiller.rewrite(block);
    }
  }

  private boolean spilled(int register) {
    return register >= 32
        && register < graph.edges.length
        && slots.containsKey(graph.find(register));
  }

  private boolean inside(Instr instr) {
    return instr.op == Op.MOVE && spilled(instr.a) && graph.find(instr.a) == graph.find(instr.dst);
  }

  private void classify() {
    Map<Integer, Long> values = new HashMap<>();
    BitSet varying = new BitSet();
    for (Block block : routine.blocks) {
      for (Instr instr : block.body) {
        if (spilled(instr.dst) && !inside(instr)) {
          int root = graph.find(instr.dst);
          Long other =
              instr.op == Op.LI ? values.putIfAbsent(root, instr.imm) : Long.valueOf(~instr.imm);
          if (other != null && other != instr.imm) {
            varying.set(root);
          }
        }
      }
    }
    for (int root : List.copyOf(slots.keySet())) {
      if (varying.get(root)) {
        slots.put(root, routine.slots++);
      } else {
        constants.put(root, values.get(root));
      }
    }
  }

  private void rewrite(Block block) {
    List<Instr> body = new ArrayList<>();
    for (Instr instr : block.body) {
      if (inside(instr) || spilled(instr.dst) && constants.containsKey(graph.find(instr.dst))) {
        continue;
      }
      boolean store = spilled(instr.dst);
      int slot = store ? slots.get(graph.find(instr.dst)) : -1;
      read(instr, body);
      if (store && instr.op == Op.MOVE && Operands.counted(instr.a)) {
        body.add(new Instr(Op.SPILL, -1, instr.a, -1, slot));
        continue;
      }
      body.add(instr);
      if (store) {
        instr.dst = temporary();
        body.add(new Instr(Op.SPILL, -1, instr.dst, -1, slot));
      }
    }
    if (block.branch != null) {
      read(block.branch, body);
    }
    block.body.clear();
    block.body.addAll(body);
  }

  /** Brings the spilled registers that the instruction reads into short-lived ones. */
  private void read(Instr instr, List<Instr> body) {
    Map<Integer, Integer> names = new HashMap<>();
    Operands.renameReads(
        instr, r -> spilled(r) ? names.computeIfAbsent(graph.find(r), k -> fetch(k, body)) : r);
  }

  private int fetch(int root, List<Instr> body) {
    int register = temporary();
    Long constant = constants.get(root);
    body.add(
        constant != null
            ? new Instr(Op.LI, register, -1, -1, constant)
            : new Instr(Op.RELOAD, register, -1, -1, slots.get(root)));
    return register;
  }

  private int temporary() {
    int register = routine.fresh();
    reloads.set(register);
    return register;
  }
}
