package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which registers hold different values at the same time, and which are one after moves between
 * them are merged.
 */
final class Interference {
  final BitSet[] edges;
  final double[] cost;
  final List<Instr> moves = new ArrayList<>();
  private final int[] alias;

  Interference(Routine routine) {
    edges = new BitSet[routine.registers];
    cost = new double[routine.registers];
    alias = new int[routine.registers];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = new BitSet();
      alias[i] = i;
    }
    Loops loops = new Loops(routine);
    Liveness liveness = new Liveness(routine, loops);
    List<Block> order = new ArrayList<>(loops.order);
    order.sort((x, y) -> y.depth - x.depth);
    for (Block block : order) {
      scan(block, liveness.after(block), Math.pow(10, Math.min(block.depth, 8)));
    }
    for (boolean changed = true; changed; ) {
      changed = moves.removeIf(this::coalesce);
    }
  }

  private void scan(Block block, BitSet live, double weight) {
    List<Instr> body = new ArrayList<>(block.body);
    if (block.branch != null) {
      body.add(block.branch);
    }
    for (Instr instr : body.reversed()) {
      Operands.reads(instr, r -> cost[r] += weight);
      Operands.writes(
          instr,
          r -> {
            cost[r] += weight;
            for (int other = live.nextSetBit(0); other >= 0; other = live.nextSetBit(other + 1)) {
              if (other != r && (instr.op != Op.MOVE || other != instr.a)) {
                connect(r, other);
              }
            }
          });
      if (instr.op == Op.MOVE && Operands.counted(instr.a) && Operands.counted(instr.dst)) {
        moves.add(instr);
      }
      Liveness.step(instr, live);
    }
  }

  private void connect(int x, int y) {
    if (x >= 32) {
      edges[x].set(y);
    }
    if (y >= 32) {
      edges[y].set(x);
    }
  }

  int find(int register) {
    while (alias[register] != register) {
      register = alias[register] = alias[alias[register]];
    }
    return register;
  }

  /**
   * Merges both ends of a move when that cannot make the graph harder to colour (Briggs, and George
   * for machine registers).
   */
  private boolean coalesce(Instr move) {
    int x = find(move.dst);
    int y = find(move.a);
    if (y < 32) {
      int swap = x;
      x = y;
      y = swap;
    }
    if (x == y
        || y < 32
        || edges[y].get(x)
        || x >= 32 && edges[x].get(y)
        || !george(x, y) && (x < 32 || !george(y, x) && !briggs(x, y))) {
      return false;
    }
    alias[y] = x;
    cost[x] += cost[y];
    for (int n = edges[y].nextSetBit(0); n >= 0; n = edges[y].nextSetBit(n + 1)) {
      if (n >= 32) {
        edges[n].clear(y);
      }
      connect(x, n);
    }
    edges[y].clear();
    return true;
  }

  private boolean briggs(int x, int y) {
    BitSet all = (BitSet) edges[x].clone();
    all.or(edges[y]);
    return all.stream().filter(n -> n < 32 || edges[n].cardinality() >= Allocator.COLOURS).count()
        < Allocator.COLOURS;
  }

  /** Whether merging y into x adds no edge that could matter. */
  private boolean george(int x, int y) {
    return edges[y].stream().allMatch(n -> harmless(x, n));
  }

  private boolean harmless(int x, int n) {
    if (n < 32) {
      return x < 32 || edges[x].get(n);
    }
    return edges[n].cardinality() < Allocator.COLOURS || edges[n].get(x);
  }
}
