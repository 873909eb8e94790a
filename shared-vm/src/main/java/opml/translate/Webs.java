package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits each virtual register into its independent lifetimes: javac reuses local slots, allocation
 * should not suffer.
 */
final class Webs {
  private final Routine routine;
  private final Loops loops;
  private final List<Instr> definitions = new ArrayList<>();
  private final Map<Instr, Integer> numbers = new HashMap<>();
  private final Map<Integer, BitSet> ofRegister = new HashMap<>();
  private final BitSet[] in;
  private int[] web;

  private Webs(Routine routine) {
    this.routine = routine;
    this.loops = new Loops(routine);
    this.in = new BitSet[loops.order.size()];
  }

  static void split(Routine routine) {
    Webs webs = new Webs(routine);
    webs.number();
    webs.reach();
    webs.join();
    webs.rename();
  }

  private void number() {
    for (Block block : loops.order) {
      for (Instr instr : block.body) {
        if (instr.dst >= 32) {
          numbers.put(instr, definitions.size());
          ofRegister.computeIfAbsent(instr.dst, k -> new BitSet()).set(definitions.size());
          definitions.add(instr);
        }
      }
    }
    web = new int[definitions.size()];
    for (int i = 0; i < web.length; i++) {
      web[i] = i;
    }
  }

  private void reach() {
    for (int i = 0; i < in.length; i++) {
      in[i] = new BitSet();
    }
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Block block : loops.order) {
        BitSet reaching = (BitSet) in[block.index].clone();
        block.body.forEach(instr -> pass(instr, reaching));
        for (Block next : block.successors()) {
          int before = in[next.index].cardinality();
          in[next.index].or(reaching);
          changed |= in[next.index].cardinality() != before;
        }
      }
    }
  }

  private void pass(Instr instr, BitSet reaching) {
    if (instr.dst >= 32) {
      reaching.andNot(ofRegister.get(instr.dst));
      reaching.set(numbers.get(instr));
    }
  }

  private interface Use {
    int register(int register, BitSet reaching);
  }

  private void uses(Use use) {
    for (Block block : loops.order) {
      BitSet reaching = (BitSet) in[block.index].clone();
      for (Instr instr : block.body) {
        Operands.renameReads(instr, r -> r < 32 ? r : use.register(r, reaching));
        pass(instr, reaching);
      }
      if (block.branch != null) {
        Operands.renameReads(block.branch, r -> r < 32 ? r : use.register(r, reaching));
      }
    }
  }

  private int find(int definition) {
    while (web[definition] != definition) {
      definition = web[definition] = web[web[definition]];
    }
    return definition;
  }

  private int first(int register, BitSet reaching) {
    BitSet mine = ofRegister.get(register);
    int definition = reaching.nextSetBit(0);
    while (definition >= 0 && !mine.get(definition)) {
      definition = reaching.nextSetBit(definition + 1);
    }
    if (definition < 0) {
      throw new IllegalStateException(routine.name + " reads a register before it is set");
    }
    return definition;
  }

  private void join() {
    uses(
        (register, reaching) -> {
          BitSet mine = (BitSet) reaching.clone();
          mine.and(ofRegister.get(register));
          int root = first(register, reaching);
          mine.stream().forEach(d -> web[find(d)] = find(root));
          return register;
        });
  }

  private void rename() {
    Map<Integer, Integer> names = new HashMap<>();
    int[] name = new int[web.length];
    routine.registers = 32;
    for (int i = 0; i < web.length; i++) {
      name[i] = names.computeIfAbsent(find(i), k -> routine.fresh());
    }
    uses((register, reaching) -> name[first(register, reaching)]);
    for (int i = 0; i < web.length; i++) {
      definitions.get(i).dst = name[i];
    }
  }
}
