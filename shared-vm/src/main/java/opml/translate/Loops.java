package opml.translate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Order, dominators and natural loops of a routine's blocks; sets index and depth of each block.
 */
final class Loops {
  /** Blocks in reverse postorder; unreachable ones are left out. */
  final List<Block> order = new ArrayList<>();

  final List<List<Block>> predecessors = new ArrayList<>();

  /** For each block those that dominate it. */
  final BitSet[] dominators;

  /** Blocks of each natural loop, by its header; outer loops first. */
  final Map<Block, BitSet> loops = new LinkedHashMap<>();

  Loops(Routine routine) {
    routine.blocks.forEach(b -> b.index = -1);
    visit(routine.blocks.getFirst());
    order.clear();
    for (Block block : postorder) {
      order.addFirst(block);
    }
    for (int i = 0; i < order.size(); i++) {
      order.get(i).index = i;
      order.get(i).depth = 0;
      predecessors.add(new ArrayList<>());
    }
    for (Block block : order) {
      block.successors().forEach(s -> predecessors.get(s.index).add(block));
    }
    dominators = dominators();
    find();
  }

  private final List<Block> postorder = new ArrayList<>();

  private void visit(Block start) {
    // an explicit stack: long unrolled code makes deep chains
    List<Block> path = new ArrayList<>(List.of(start));
    start.index = 0;
    while (!path.isEmpty()) {
      Block block = path.getLast();
      List<Block> successors = block.successors().reversed();
      if (block.index == successors.size()) {
        postorder.add(path.removeLast());
        continue;
      }
      Block next = successors.get(block.index++);
      if (next.index < 0) {
        next.index = 0;
        path.add(next);
      }
    }
  }

  private BitSet[] dominators() {
    BitSet[] result = new BitSet[order.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = new BitSet();
      result[i].set(0, i == 0 ? 1 : result.length);
    }
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = 1; i < result.length; i++) {
        BitSet meet = new BitSet();
        meet.set(0, result.length);
        for (Block p : predecessors.get(i)) {
          meet.and(result[p.index]);
        }
        meet.set(i);
        changed |= !meet.equals(result[i]);
        result[i] = meet;
      }
    }
    return result;
  }

  boolean dominates(Block a, Block b) {
    return dominators[b.index].get(a.index);
  }

  /** Whether each iteration that comes back to the head has passed the block. */
  boolean everyTime(Block head, Block block) {
    BitSet body = loops.get(head);
    return predecessors.get(head.index).stream()
        .filter(p -> body.get(p.index))
        .allMatch(p -> dominates(block, p));
  }

  private void find() {
    for (Block block : order) {
      for (Block target : block.successors()) {
        if (target.index > block.index) {
          continue;
        }
        if (!dominates(target, block)) {
          throw new SubsetException(target.site, "a loop with two entries");
        }
        BitSet body = loops.computeIfAbsent(target, k -> new BitSet());
        body.set(target.index);
        collect(block, body);
      }
    }
    List<Map.Entry<Block, BitSet>> sorted = new ArrayList<>(loops.entrySet());
    sorted.sort((x, y) -> y.getValue().cardinality() - x.getValue().cardinality());
    loops.clear();
    for (Map.Entry<Block, BitSet> loop : sorted) {
      loops.put(loop.getKey(), loop.getValue());
      loop.getValue().stream().forEach(i -> order.get(i).depth++);
    }
  }

  private void collect(Block from, BitSet body) {
    List<Block> work = new ArrayList<>(List.of(from));
    while (!work.isEmpty()) {
      Block block = work.removeLast();
      if (!body.get(block.index)) {
        body.set(block.index);
        work.addAll(predecessors.get(block.index));
      }
    }
  }
}
