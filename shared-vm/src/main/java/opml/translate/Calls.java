package opml.translate;

import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import opml.translate.Value.Constant;
import opml.translate.Value.Phantom;
import opml.translate.Value.Register;
import opml.translate.Value.Sum;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Lowers invocations: accesses of Memory, intrinsics, inlined methods, real calls. */
final class Calls {
  /** Methods up to this many class file instructions are inlined. */
  static final int INLINE = 96;

  private static final String GUEST = "opml/guest/";
  private static final String KERNELS = GUEST + "Kernels";
  private static final Map<String, Op> ACCESSES =
      Map.ofEntries(
          Map.entry("loadI8(J)I", Op.LB),
          Map.entry("loadU8(J)I", Op.LBU),
          Map.entry("loadI16(J)I", Op.LH),
          Map.entry("loadU16(J)I", Op.LHU),
          Map.entry("loadI32(J)I", Op.LW),
          Map.entry("loadI64(J)J", Op.LD),
          Map.entry("loadF32(J)F", Op.LW),
          Map.entry("loadF16(J)F", Op.LHU),
          Map.entry("storeI8(JI)V", Op.SB),
          Map.entry("storeI16(JI)V", Op.SH),
          Map.entry("storeI32(JI)V", Op.SW),
          Map.entry("storeI64(JJ)V", Op.SD),
          Map.entry("storeF32(JF)V", Op.SW),
          Map.entry("vload(J)V", Op.VLOAD),
          Map.entry("vload4(J)V", Op.VLOAD4),
          Map.entry("dotl(J)I", Op.DOTL),
          Map.entry("doth(J)I", Op.DOTH));

  private final Lowering lowering;
  private final Code code;
  private final Program program;

  Calls(Lowering lowering, Code code, Program program) {
    this.lowering = lowering;
    this.code = code;
    this.program = program;
  }

  void invoke(MethodInsnNode call) {
    Frame frame = lowering.frame;
    if (call.getOpcode() == INVOKEVIRTUAL && call.owner.equals(Lowering.MEMORY)) {
      Op access = ACCESSES.get(call.name + call.desc);
      if (access != null) {
        access(
            access,
            call.name.equals("loadF16"),
            call.name.equals("storeF32"),
            Type.getReturnType(call.desc));
      } else {
        method(KERNELS, call.name, "(L" + Lowering.MEMORY + ";" + call.desc.substring(1));
      }
    } else if (call.getOpcode() == INVOKESTATIC) {
      String key = call.owner + "." + call.name + call.desc;
      String known = key.startsWith(GUEST) ? key.substring(GUEST.length()) : key;
      if (!intrinsic(frame, known, call)) {
        method(call.owner, call.name, call.desc);
      }
    } else {
      throw lowering.refused(
          "call of " + call.owner + "." + call.name + ": only static guest methods and Memory");
    }
  }

  private void access(Op op, boolean half, boolean single, Type result) {
    Frame frame = lowering.frame;
    Value stored = op.format == Op.Format.STORE ? frame.pop() : null;
    Sum address = code.address(frame.pop());
    frame.pop();
    if (stored != null) {
      // INV-07: a NaN is 7fc00000 whenever stored
      int source = code.register(stored);
      int value = single ? code.make(Op.CANON, source, -1, 0) : source;
      code.emit(op, -1, address.id(), value, address.offset());
    } else if (result == Type.VOID_TYPE) {
      code.emit(op, 0, address.id(), -1, address.offset());
    } else {
      int loaded = code.make(op, address.id(), -1, address.offset());
      frame.push(
          half
              ? new Register('F', code.make(Op.FCVT_S_H, loaded, -1, 0))
              : new Register(lowering.kind(result), loaded));
    }
  }

  private boolean intrinsic(Frame frame, String key, MethodInsnNode call) {
    switch (key) {
      case "Bounds.loop(I)V" -> bound(Op.LOOP_BOUND, call);
      case "Bounds.total(I)V" -> bound(Op.TOTAL_BOUND, call);
      case "Floats.sqrt(F)F" -> frame.push(floating(Op.FSQRT, code.register(frame.pop()), -1));
      case "Floats.negate(F)F" -> {
        int x = code.register(frame.pop());
        frame.push(floating(Op.FSGNJN, x, x));
      }
      case "Floats.bits(F)I" ->
          frame.push(new Register('I', floating(Op.CANON, code.register(frame.pop()), -1).id()));
      case "Floats.fromBits(I)F", "java/lang/Float.intBitsToFloat(I)F" ->
          frame.push(new Register('F', code.register(frame.pop())));
      case "java/lang/Integer.compareUnsigned(II)I", "java/lang/Long.compareUnsigned(JJ)I" ->
          lowering.compare(-1, call);
      case "java/lang/Math.multiplyHigh(JJ)J" -> {
        int right = code.register(frame.pop());
        frame.push(new Register('J', code.make(Op.MULH, code.register(frame.pop()), right, 0)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Register floating(Op op, int a, int b) {
    return new Register('F', code.make(op, a, b, 0));
  }

  private void bound(Op op, MethodInsnNode call) {
    Frame frame = lowering.frame;
    if (!(frame.pop() instanceof Constant(char type, long max)) || max <= 0) {
      throw lowering.refused("a bound must be a positive constant");
    }
    Instr bound = code.emit(op, -1, -1, -1, max);
    bound.site = frame.where();
    bound.loop = frame.loop(call);
    if (bound.loop == null) {
      throw lowering.refused(
          call.name + " outside of a loop: it is the first statement of a loop body");
    }
  }

  private void method(String owner, String name, String descriptor) {
    Frame caller = lowering.frame;
    Program.Method method = program.method(owner, name, descriptor, caller.where());
    Type[] types = Type.getArgumentTypes(descriptor);
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      arguments.addFirst(caller.pop());
    }
    if (size(method.node()) <= INLINE) {
      inline(caller, method, types, arguments);
    } else {
      call(caller, method, arguments);
    }
  }

  private static int size(MethodNode method) {
    int size = 0;
    for (AbstractInsnNode insn : method.instructions) {
      size += insn.getOpcode() >= 0 ? 1 : 0;
    }
    return size;
  }

  private void inline(Frame caller, Program.Method method, Type[] types, List<Value> arguments) {
    program.enter(method, caller.where());
    Frame frame = lowering.frame(method);
    int slot = 0;
    for (int i = 0; i < types.length; i++) {
      char kind = lowering.kind(types[i]);
      Value value = arguments.get(i);
      if (frame.assigns(slot)) {
        code.assign(frame.local(slot, kind, code.routine), value);
      } else if (value instanceof Sum(int id, long offset) && !Code.fits(offset)) {
        frame.bind(slot, new Register('J', code.register(value)));
      } else {
        frame.bind(slot, value);
      }
      slot += types[i].getSize();
    }
    char result = lowering.kind(Type.getReturnType(method.node().desc));
    if (!frame.returnsAtEnd()) {
      frame.exit = new Block(caller.where());
      frame.result = result == 'V' ? null : new Register(result, code.routine.fresh());
    }
    lowering.frame = frame;
    lowering.body(method.node());
    lowering.frame = caller;
    if (frame.exit != null) {
      code.begin(frame.exit);
    }
    if (result != 'V') {
      caller.push(frame.result);
    }
    program.leave(method);
  }

  private void call(Frame caller, Program.Method method, List<Value> arguments) {
    Map<Integer, Value> fixed = new TreeMap<>();
    List<Integer> registers = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      if (method.specialized() && arguments.get(i) instanceof Constant) {
        fixed.put(i, arguments.get(i));
      } else if (!(arguments.get(i) instanceof Phantom)) {
        registers.add(code.register(arguments.get(i)));
      }
    }
    Routine callee = program.routine(method, fixed, caller.where());
    for (int i = 0; i < registers.size(); i++) {
      code.move(Lowering.ARGUMENT + i, registers.get(i));
    }
    code.emit(Op.CALL, -1, -1, -1, registers.size()).callee = callee;
    code.routine.callees.add(callee);
    char result = lowering.kind(Type.getReturnType(method.node().desc));
    if (result != 'V') {
      int register = code.routine.fresh();
      code.move(register, Lowering.ARGUMENT);
      caller.push(new Register(result, register));
    }
  }
}
