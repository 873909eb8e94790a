package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import opml.translate.Value.Comparison;
import opml.translate.Value.Constant;
import opml.translate.Value.Phantom;
import opml.translate.Value.Register;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Lowers the bytecode of one method, and of what is inlined into it, to the intermediate code of a
 * routine.
 */
final class Lowering {
  /** First argument register (a0); arguments go on upwards, up to {@link #ARGUMENTS}. */
  static final int ARGUMENT = 10;

  static final int ARGUMENTS = 16;

  /** The class that may divide by a variable, because it tests the divisor. */
  private static final String DIVISION = "opml/guest/Ints";

  static final String MEMORY = "opml/guest/Memory";

  private final Routine routine;
  private final Code code;
  private final Arithmetic arithmetic;
  private final Calls calls;
  private final Branches branches;
  Frame frame;

  Lowering(Routine routine, Program program) {
    this.routine = routine;
    this.code = new Code(routine);
    this.arithmetic = new Arithmetic(code);
    this.branches = new Branches(this, code);
    this.calls = new Calls(this, code, program);
  }

  /**
   * Lowers the whole method; {@code fixed} holds what the caller knows of arguments by position.
   */
  void root(Program.Method method, Map<Integer, Value> fixed) {
    frame = frame(method);
    code.begin(new Block(frame.where()));
    frame.link = code.routine.fresh();
    code.move(frame.link, 1);
    int slot = 0;
    int position = 0;
    for (Type type : Type.getArgumentTypes(method.node().desc)) {
      char kind = kind(type);
      Value known = fixed.get(position++);
      if (kind == 'M') {
        frame.bind(slot, new Phantom());
      } else if (known != null && frame.assigns(slot)) {
        throw refused("a specialized method assigns a parameter that is a constant");
      } else if (known != null) {
        frame.bind(slot, known);
      } else {
        if (routine.arguments == ARGUMENTS) {
          throw refused("more than " + ARGUMENTS + " arguments; pass them through memory");
        }
        code.move(frame.local(slot, kind, routine), ARGUMENT + routine.arguments++);
      }
      slot += type.getSize();
    }
    body(method.node());
  }

  Frame frame(Program.Method method) {
    Frame result = new Frame(method.owner(), method.node());
    for (AbstractInsnNode insn : method.node().instructions) {
      if (insn instanceof LineNumberNode line) {
        result.line = line.line;
        break;
      }
    }
    return result;
  }

  SubsetException refused(String what) {
    return new SubsetException(frame.where(), what);
  }

  /** I for the small integers, J, F, V, M for the phantom memory. */
  char kind(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.SHORT, Type.CHAR, Type.INT -> 'I';
      case Type.LONG -> 'J';
      case Type.FLOAT -> 'F';
      case Type.VOID -> 'V';
      default -> {
        if (type.getDescriptor().equals("L" + MEMORY + ";")) {
          yield 'M';
        }
        throw refused("type " + type.getClassName() + " is not in the guest subset");
      }
    };
  }

  void body(MethodNode method) {
    if (!method.tryCatchBlocks.isEmpty()) {
      throw refused("exception handlers are not in the guest subset");
    }
    for (AbstractInsnNode insn : method.instructions) {
      switch (insn) {
        case LabelNode label -> {
          if (frame.targets.contains(label)) {
            enter(label);
          }
        }
        case LineNumberNode line -> frame.line = line.line;
        default -> {
          if (insn.getOpcode() >= 0 && code.open()) {
            instruction(insn);
          }
        }
      }
    }
  }

  private void enter(LabelNode label) {
    if (code.open()) {
      flow(label);
    }
    List<Value> entry = frame.entries.get(label);
    if (entry == null) {
      frame.skipped.add(label); // nothing has jumped here: dead code behind a decided branch
      return;
    }
    code.begin(frame.block(label));
    frame.stack.clear();
    frame.stack.addAll(entry);
  }

  /** Puts the operand stack where the code at the label expects it. */
  void flow(LabelNode label) {
    if (frame.skipped.contains(label)) {
      throw refused("a loop that is entered at its end");
    }
    List<Value> entry = frame.entries.get(label);
    if (entry == null) {
      entry = new ArrayList<>();
      for (Value value : frame.stack) {
        entry.add(value instanceof Phantom ? value : new Register(value.type(), routine.fresh()));
      }
      frame.entries.put(label, entry);
    }
    for (int i = 0; i < entry.size(); i++) {
      if (entry.get(i) instanceof Register(char type, int id)) {
        code.assign(id, frame.stack.get(i));
      }
    }
  }

  private void instruction(AbstractInsnNode insn) {
    int opcode = insn.getOpcode();
    switch (insn) {
      case VarInsnNode variable -> variable(opcode, variable.var);
      case IincInsnNode increment -> increment(increment.var, increment.incr);
      case IntInsnNode push when opcode != NEWARRAY -> frame.push(new Constant('I', push.operand));
      case LdcInsnNode constant -> frame.push(constant(constant.cst));
      case JumpInsnNode jump when opcode == GOTO -> jump(jump.label);
      case JumpInsnNode jump when opcode < IF_ACMPEQ -> branches.conditional(opcode, jump.label);
      case TableSwitchInsnNode table -> branches.table(table);
      case LookupSwitchInsnNode lookup -> branches.lookup(lookup);
      case MethodInsnNode call -> calls.invoke(call);
      default -> simple(opcode, insn);
    }
  }

  private Value constant(Object value) {
    return switch (value) {
      case Integer i -> new Constant('I', i);
      case Long l -> new Constant('J', l);
      case Float f -> new Constant('F', Float.floatToIntBits(f));
      default -> throw refused("constant " + value + " of a type outside the guest subset");
    };
  }

  private void variable(int opcode, int slot) {
    switch (opcode) {
      case ILOAD -> load(slot, 'I');
      case LLOAD -> load(slot, 'J');
      case FLOAD -> load(slot, 'F');
      case ALOAD -> {
        if (frame.bound(slot) == null) {
          throw unsupported(opcode);
        }
        frame.push(frame.bound(slot));
      }
      case ISTORE, LSTORE, FSTORE -> {
        Value value = frame.pop();
        int local = frame.local(slot, value.type(), routine);
        detach(local);
        code.assign(local, value);
      }
      default -> throw unsupported(opcode);
    }
  }

  private void load(int slot, char type) {
    Value bound = frame.bound(slot);
    frame.push(bound != null ? bound : new Register(type, frame.local(slot, type, routine)));
  }

  private void increment(int slot, int by) {
    int local = frame.local(slot, 'I', routine);
    detach(local);
    if (Code.fits(by)) {
      code.emit(Op.ADDIW, local, local, -1, by);
    } else {
      code.emit(Op.ADDW, local, local, code.constant(by), 0);
    }
  }

  /** Copies stack entries that still read the local before it changes. */
  private void detach(int local) {
    for (int i = 0; i < frame.stack.size(); i++) {
      Value value = frame.stack.get(i);
      if (value.reads(local)) {
        int copy = routine.fresh();
        code.assign(copy, value);
        frame.stack.set(i, new Register(value.type(), copy));
      }
    }
  }

  private void jump(LabelNode label) {
    flow(label);
    code.end(frame.block(label));
  }

  private void simple(int opcode, AbstractInsnNode insn) {
    switch (opcode) {
      case NOP -> {}
      case ICONST_M1, ICONST_0, ICONST_1, ICONST_2, ICONST_3, ICONST_4, ICONST_5 ->
          frame.push(new Constant('I', opcode - ICONST_0));
      case LCONST_0, LCONST_1 -> frame.push(new Constant('J', opcode - LCONST_0));
      case FCONST_0, FCONST_1, FCONST_2 -> frame.push(constant((float) (opcode - FCONST_0)));
      case POP -> frame.pop();
      case POP2 -> {
        if (frame.pop().type() != 'J') {
          frame.pop();
        }
      }
      case DUP -> frame.push(frame.stack.getLast());
      case DUP2 -> {
        int size = frame.stack.size();
        if (frame.stack.getLast().type() != 'J') {
          frame.push(frame.stack.get(size - 2));
        }
        frame.push(frame.stack.get(size - 1));
      }
      case LCMP, FCMPL, FCMPG -> compare(opcode, insn);
      case IRETURN, LRETURN, FRETURN, RETURN -> leave(opcode);
      case INEG, LNEG, I2L, L2I, I2F, L2F, I2B, I2S, I2C ->
          frame.push(arithmetic.unary(opcode, frame.pop()));
      default -> binary(opcode);
    }
  }

  /** Pushes a comparison; the code is LCMP, FCMPL, FCMPG or -1 for an unsigned one. */
  void compare(int comparison, AbstractInsnNode insn) {
    AbstractInsnNode next = insn.getNext();
    while (next != null && next.getOpcode() < 0 && !frame.targets.contains(next)) {
      next = next.getNext();
    }
    if (next == null || next.getOpcode() < IFEQ || next.getOpcode() > IFLE) {
      throw refused("a comparison must be followed by its branch");
    }
    Value right = frame.pop();
    frame.push(new Comparison(comparison, frame.pop(), right));
  }

  private void binary(int opcode) {
    if (opcode < IADD || opcode > LXOR || frame.stack.size() < 2) {
      throw unsupported(opcode);
    }
    Value right = frame.stack.getLast();
    Value left = frame.stack.get(frame.stack.size() - 2);
    Value result = arithmetic.binary(opcode, left, right, frame.owner.equals(DIVISION));
    if (result == null) {
      throw unsupported(opcode);
    }
    frame.pop();
    frame.pop();
    frame.push(result);
  }

  private SubsetException unsupported(int opcode) {
    return refused(Refusals.reason(opcode));
  }

  private void leave(int opcode) {
    Value value = opcode == RETURN ? null : frame.pop();
    if (frame.link >= 0) {
      if (value != null) {
        code.assign(ARGUMENT, value);
      }
      code.emit(Op.RETURN, -1, frame.link, value == null ? -1 : ARGUMENT, 0);
      code.end(null);
    } else if (frame.exit == null) {
      frame.result = value;
    } else {
      if (value != null) {
        code.assign(((Register) frame.result).id(), value);
      }
      code.end(frame.exit);
    }
  }
}
