package opml.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** One method body on its way through the lowering: the root of a routine or an inlined copy. */
final class Frame {
  final String owner;
  final MethodNode method;
  final List<Value> stack = new ArrayList<>();
  final Set<LabelNode> targets = new HashSet<>();
  final Map<LabelNode, Block> blocks = new HashMap<>();
  final Map<LabelNode, List<Value>> entries = new HashMap<>();

  /** Targets of backward jumps, with the place of the last such jump. */
  private final Map<LabelNode, Integer> loops = new HashMap<>();

  /** Labels passed without code, because nothing had jumped to them. */
  final Set<LabelNode> skipped = new HashSet<>();

  /** Parameters that the body never assigns keep the caller's symbolic value. */
  private final Map<Integer, Value> bound = new HashMap<>();

  private final Set<Integer> assigned = new HashSet<>();
  private final Map<Integer, Integer> locals = new HashMap<>();
  int returns;
  int line;

  /** Where an inlined body with more than one return continues, and its result. */
  Block exit;

  Value result;

  /** The return address of a root. */
  int link = -1;

  Frame(String owner, MethodNode method) {
    this.owner = owner;
    this.method = method;
    for (AbstractInsnNode insn : method.instructions) {
      switch (insn) {
        case JumpInsnNode jump -> jump(insn, jump.label);
        case TableSwitchInsnNode table -> {
          table.labels.forEach(l -> jump(insn, l));
          jump(insn, table.dflt);
        }
        case LookupSwitchInsnNode lookup -> {
          lookup.labels.forEach(l -> jump(insn, l));
          jump(insn, lookup.dflt);
        }
        case IincInsnNode increment -> assigned.add(increment.var);
        case VarInsnNode variable when variable.getOpcode() >= Opcodes.ISTORE ->
            assigned.add(variable.var);
        default -> {
          if (insn.getOpcode() >= Opcodes.IRETURN && insn.getOpcode() <= Opcodes.RETURN) {
            returns++;
          }
        }
      }
    }
  }

  /** Whether the one return is the last instruction, so that an inlined body just goes on. */
  boolean returnsAtEnd() {
    AbstractInsnNode last = method.instructions.getLast();
    while (last.getOpcode() < 0) {
      last = last.getPrevious();
    }
    return returns == 1
        && last.getOpcode() >= Opcodes.IRETURN
        && last.getOpcode() <= Opcodes.RETURN;
  }

  String where() {
    return where(owner, method.name, line);
  }

  static String where(String owner, String method, int line) {
    return owner.replace('/', '.') + "." + method + ":" + line;
  }

  /** The block at a jump target. */
  Block block(LabelNode label) {
    return blocks.computeIfAbsent(label, this::make);
  }

  private Block make(LabelNode label) {
    AbstractInsnNode next = label;
    while (next != null && next.getOpcode() < 0 && !(next instanceof LineNumberNode)) {
      next = next.getNext();
    }
    Block block =
        new Block(where(owner, method.name, next instanceof LineNumberNode l ? l.line : line));
    if (loops.containsKey(label)) {
      block.loop = block;
    }
    return block;
  }

  private void jump(AbstractInsnNode from, LabelNode to) {
    targets.add(to);
    int end = method.instructions.indexOf(from);
    if (method.instructions.indexOf(to) <= end) {
      loops.merge(to, end, Math::max);
    }
  }

  /** The head of the innermost loop around an instruction, null outside of loops. */
  Block loop(AbstractInsnNode insn) {
    int at = method.instructions.indexOf(insn);
    LabelNode inner = null;
    for (Map.Entry<LabelNode, Integer> loop : loops.entrySet()) {
      int start = method.instructions.indexOf(loop.getKey());
      if (start <= at
          && at <= loop.getValue()
          && (inner == null || start > method.instructions.indexOf(inner))) {
        inner = loop.getKey();
      }
    }
    return inner == null ? null : block(inner);
  }

  Value pop() {
    return stack.removeLast();
  }

  void push(Value value) {
    stack.add(value);
  }

  boolean assigns(int slot) {
    return assigned.contains(slot);
  }

  void bind(int slot, Value value) {
    bound.put(slot, value);
  }

  Value bound(int slot) {
    return bound.get(slot);
  }

  /** The register of a local variable; a slot has one for each type it holds. */
  int local(int slot, char type, Routine routine) {
    return locals.computeIfAbsent(slot << 8 | type, k -> routine.fresh());
  }
}
