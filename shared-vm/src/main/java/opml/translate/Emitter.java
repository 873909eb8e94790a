package opml.translate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays the blocks out and writes machine words. */
final class Emitter {
  private final Routine routine;
  private final Map<Block, Integer> starts = new HashMap<>();

  /** Blocks whose branch does not reach its target and goes round a jump. */
  private final BitSet far = new BitSet();

  private int[] words = new int[64];
  private int size;
  private boolean changed;

  private Emitter(Routine routine) {
    this.routine = routine;
  }

  static void run(Routine routine) {
    Emitter emitter = new Emitter(routine);
    do {
      emitter.pass();
    } while (emitter.changed);
    routine.code = Arrays.copyOf(emitter.words, emitter.size);
  }

  private void pass() {
    changed = false;
    size = 0;
    routine.fixups.clear();
    List<Block> blocks = routine.blocks;
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      Integer before = starts.put(block, size);
      changed |= before == null || before != size;
      int start = size;
      block.body.forEach(this::instruction);
      leave(i, block, i + 1 < blocks.size() ? blocks.get(i + 1) : null);
      block.words = size - start;
    }
  }

  private void add(int word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, size * 2);
    }
    words[size++] = word;
  }

  private void instruction(Instr instr) {
    switch (instr.op) {
      case LI -> Encoder.constant(instr.dst, instr.imm).forEach(this::add);
      case MOVE -> add(Encoder.word(Op.ADDI, instr.dst, instr.a, 0, 0));
      case CALL -> {
        routine.fixups.add(new Routine.Fixup(size, instr.callee, 0, false));
        add(0);
      }
      case RETURN -> add(Encoder.jumpTo(instr.a));
      case RELOAD -> {
        routine.fixups.add(new Routine.Fixup(size, null, (int) instr.imm, false));
        add(Encoder.word(Op.LD, instr.dst, Operands.SCRATCH, 0, 0));
      }
      case SPILL -> {
        routine.fixups.add(new Routine.Fixup(size, null, (int) instr.imm, true));
        add(Encoder.word(Op.SD, 0, Operands.SCRATCH, instr.a, 0));
      }
      case LOOP_BOUND, TOTAL_BOUND -> {}
      default -> add(Encoder.word(instr));
    }
  }

  private void leave(int number, Block block, Block following) {
    Block next = block.next;
    if (block.branch != null) {
      Op test = block.branch.op;
      Block taken = block.taken;
      if (taken == following) {
        test = test.inverse();
        taken = next;
        next = following;
      }
      if (far.get(number)) {
        add(Encoder.word(test.inverse(), 0, block.branch.a, block.branch.b, 8));
        add(Encoder.jump(0, distance(taken)));
      } else if (Encoder.branches(distance(taken))) {
        add(Encoder.word(test, 0, block.branch.a, block.branch.b, distance(taken)));
      } else {
        far.set(number);
        changed = true;
        add(0);
        add(0);
      }
    }
    if (next != null && next != following) {
      add(Encoder.jump(0, distance(next)));
    }
  }

  /** Bytes from here to the block, as far as known in this pass. */
  private int distance(Block target) {
    return (starts.getOrDefault(target, size) - size) * 4;
  }
}
