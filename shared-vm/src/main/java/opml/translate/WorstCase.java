package opml.translate;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The most instructions that a routine can take: the longest path, with each loop counted as often
 * as its bound allows. Loop bodies bounded for the whole operator are counted apart (INV-02).
 */
final class WorstCase {
  private final Routine routine;
  private final Loops loops;
  private final Map<Block, Block> innermost = new HashMap<>();

  /** For each loop its cost, its bounds, and the block they are in. */
  private final Map<Block, Cost> costs = new HashMap<>();

  private final Map<Block, Block> bounded = new HashMap<>();
  private final Map<Block, Instr> once = new HashMap<>();
  private final Map<Block, Instr> total = new HashMap<>();

  private WorstCase(Routine routine) {
    this.routine = routine;
    this.loops = new Loops(routine);
  }

  static void run(Routine routine) {
    WorstCase worst = new WorstCase(routine);
    worst.nest();
    worst.bounds();
    worst.loops.loops.keySet().stream().toList().reversed().forEach(worst::loop);
    routine.repeated = worst.new Paths(null, false).leave;
    routine.single = worst.new Paths(null, true).leave;
    worst.explain();
  }

  private void nest() {
    loops.loops.forEach(
        (head, body) -> body.stream().forEach(i -> innermost.put(loops.order.get(i), head)));
  }

  private void bounds() {
    for (Block block : loops.order) {
      for (Instr instr : block.body) {
        if (instr.op == Op.LOOP_BOUND) {
          bound(block, instr, "Bounds.loop", once);
        } else if (instr.op == Op.TOTAL_BOUND) {
          bound(block, instr, "Bounds.total", total);
        }
      }
    }
    for (Block head : loops.loops.keySet()) {
      if (!once.containsKey(head)) {
        throw new SubsetException(
            head.site, "a loop without Bounds.loop as the first statement of its body");
      }
    }
  }

  private void bound(Block block, Instr instr, String name, Map<Block, Instr> bounds) {
    Block head = innermost.get(block);
    if (loops.loops.keySet().stream().noneMatch(h -> h.loop == instr.loop)) {
      return; // a loop that constants have undone
    }
    if (head == null || head.loop != instr.loop || !loops.everyTime(head, block)) {
      throw new SubsetException(instr.site, name + " must be the first statement of a loop body");
    }
    if (bounds.put(head, instr) != null) {
      throw new SubsetException(instr.site, "a second " + name + " in one loop");
    }
    bounded.putIfAbsent(head, block);
  }

  private void loop(Block head) {
    Paths paths = new Paths(head, false);
    long count = once.get(head).imm;
    Instr cap = total.get(head);
    Cost whole = paths.again.times(count).then(paths.leave);
    Cost broken = paths.again.times(count - 1).then(paths.leaveAfterBound);
    // what passes the bound costs at most an iteration or a way out; a way out before it is on top
    Cost pass = paths.again.or(paths.leaveAfterBound);
    costs.put(
        head,
        cap == null ? whole.or(broken) : Cost.total(cap.site, cap.imm, pass).then(paths.leave));
  }

  /**
   * The longest ways from the head of a loop back to it, out of it, and out of it after its bound.
   */
  private final class Paths {
    private final Block head;
    private final boolean single;
    private final BitSet body = new BitSet();
    private final Map<Block, Cost> reached = new HashMap<>();
    private Cost again = Cost.NONE;
    private Cost leave = Cost.NONE;
    private Cost leaveAfterBound = Cost.NONE;

    /** Head null is the whole routine, single when it runs once in an operator. */
    Paths(Block head, boolean single) {
      this.head = head;
      this.single = single;
      if (head == null) {
        body.set(0, loops.order.size());
      } else {
        body.or(loops.loops.get(head));
      }
      reached.put(head == null ? loops.order.getFirst() : head, Cost.NONE);
      for (Block block : loops.order) {
        if (body.get(block.index) && reached.containsKey(block)) {
          pass(block, reached.get(block));
        }
      }
    }

    private void pass(Block block, Cost before) {
      if (block == head || !loops.loops.containsKey(block)) {
        Cost after = before.then(cost(block));
        if (block.next == null) {
          leave = either(leave, after);
        }
        block.successors().forEach(s -> edge(block, s, after));
        return;
      }
      Cost after = before.then(costs.get(block));
      BitSet nested = loops.loops.get(block);
      for (int i = nested.nextSetBit(0); i >= 0; i = nested.nextSetBit(i + 1)) {
        Block from = loops.order.get(i);
        from.successors().stream()
            .filter(s -> !nested.get(s.index))
            .forEach(s -> edge(from, s, after));
      }
    }

    private void edge(Block from, Block to, Cost cost) {
      if (to == head) {
        again = again.or(cost);
      } else if (body.get(to.index)) {
        reached.merge(to, cost, this::either);
      } else if (loops.dominates(bounded.get(head), from)) {
        leaveAfterBound = leaveAfterBound.or(cost);
      } else {
        leave = leave.or(cost);
      }
    }

    private Cost either(Cost x, Cost y) {
      return single ? x.orOnce(y) : x.or(y);
    }

    private Cost cost(Block block) {
      Cost cost = Cost.of(block.words);
      for (Instr instr : block.body) {
        if (instr.op == Op.CALL) {
          cost = cost.then(single ? instr.callee.single : instr.callee.repeated);
        }
      }
      return cost;
    }
  }

  /** Finds the call that costs most, for the message about an operator over budget. */
  private void explain() {
    long most = 0;
    for (Block block : loops.order) {
      long times = 1;
      for (Map.Entry<Block, BitSet> loop : loops.loops.entrySet()) {
        if (loop.getValue().get(block.index)) {
          times = Cost.product(times, once.get(loop.getKey()).imm);
        }
      }
      for (Instr instr : block.body) {
        if (instr.op != Op.CALL) {
          continue;
        }
        Cost all = instr.callee.repeated.times(times);
        if (all.all() > most) {
          most = all.all();
          routine.heaviestCallee = instr.callee;
          routine.heaviest = times + " times";
        }
      }
    }
  }
}
