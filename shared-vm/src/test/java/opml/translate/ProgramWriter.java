package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import opml.translate.Node.Kind;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * Writes a random program as a class file: method i is named m0, m1, ... Every call of write begins
 * from scratch.
 */
final class ProgramWriter {
  static final String OWNER = "subject/Subject";
  static final String MEMORY = "opml/guest/Memory";
  static final String[] LOADS = {
    "loadI8(J)I",
    "loadU8(J)I",
    "loadI16(J)I",
    "loadU16(J)I",
    "loadI32(J)I",
    "loadI64(J)J",
    "loadF32(J)F",
    "loadF16(J)F",
    "dotl(J)I",
    "doth(J)I"
  };
  static final String[] STORES = {
    "storeI8(JI)V", "storeI16(JI)V", "storeI32(JI)V", "storeI64(JJ)V", "storeF32(JF)V"
  };
  static final String[] INTRINSICS = {
    "Floats.sqrt(F)F",
    "Floats.negate(F)F",
    "Floats.bits(F)I",
    "Floats.fromBits(I)F",
    "Floats.exp(F)F",
    "Ints.divide(II)I",
    "Ints.remainder(II)I",
    "Math.multiplyHigh(JJ)J"
  };

  private final RandomProgram program;
  private MethodVisitor out;
  private RandomProgram.Method method;
  private int[] slots;
  private int free;
  private int line;
  private Label exit;

  private ProgramWriter(RandomProgram program) {
    this.program = program;
  }

  static byte[] write(RandomProgram program) {
    return new ProgramWriter(program).all();
  }

  private byte[] all() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    // version 49 needs no stack map frames
    writer.visit(V1_5, ACC_PUBLIC | ACC_FINAL, OWNER, null, "java/lang/Object", null);
    for (int i = 0; i < program.methods.size(); i++) {
      method = program.methods.get(i);
      out = writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "m" + i, method.descriptor(), null, null);
      out.visitCode();
      body();
      out.visitMaxs(0, 0);
      out.visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void body() {
    slots = new int[method.variables.length()];
    free = 1;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = free;
      free += method.variables.charAt(i) == 'J' ? 2 : 1;
    }
    for (int i = method.parameters.length(); i < slots.length; i++) {
      constant(method.variables.charAt(i), i % 3);
      store(i);
    }
    write(method.body);
    write(method.value);
    out.visitInsn(
        switch (method.result) {
          case 'I' -> IRETURN;
          case 'J' -> LRETURN;
          default -> FRETURN;
        });
  }

  private void store(int variable) {
    out.visitVarInsn(
        switch (method.variables.charAt(variable)) {
          case 'I' -> ISTORE;
          case 'J' -> LSTORE;
          default -> FSTORE;
        },
        slots[variable]);
  }

  private void constant(char type, long value) {
    switch (type) {
      case 'I' -> out.visitLdcInsn((int) value);
      case 'J' -> out.visitLdcInsn(value);
      default -> out.visitLdcInsn(Float.intBitsToFloat((int) value));
    }
  }

  private void write(Node node) {
    switch (node.kind) {
      case CONSTANT -> constant(node.type, node.value);
      case VARIABLE ->
          out.visitVarInsn(
              node.type == 'I' ? ILOAD : node.type == 'J' ? LLOAD : FLOAD, slots[(int) node.value]);
      case UNARY, BINARY -> {
        node.children.forEach(this::write);
        out.visitInsn((int) node.value);
      }
      case CHOICE -> choose(node);
      case LOAD -> access(LOADS[(int) node.value], node);
      case STORE -> access(STORES[(int) node.value], node);
      case VECTOR -> access(node.value == 0 ? "vload(J)V" : "vload4(J)V", node);
      case INTRINSIC -> {
        node.children.forEach(this::write);
        String name = INTRINSICS[(int) node.value];
        invoke((name.startsWith("Math") ? "java/lang/" : "opml/guest/"), name);
      }
      case CALL -> {
        out.visitVarInsn(ALOAD, 0);
        node.children.forEach(this::write);
        RandomProgram.Method callee = program.methods.get((int) node.value);
        out.visitMethodInsn(INVOKESTATIC, OWNER, "m" + node.value, callee.descriptor(), false);
      }
      default -> statement(node);
    }
  }

  private void choose(Node node) {
    Label other = new Label();
    Label end = new Label();
    jumpUnless(node.children.get(0), other);
    write(node.children.get(1));
    out.visitJumpInsn(GOTO, end);
    out.visitLabel(other);
    write(node.children.get(2));
    out.visitLabel(end);
  }

  private void invoke(String folder, String name) {
    int dot = name.indexOf('.');
    int open = name.indexOf('(');
    out.visitMethodInsn(
        INVOKESTATIC,
        folder + name.substring(0, dot),
        name.substring(dot + 1, open),
        name.substring(open),
        false);
  }

  /** Calls a method of Memory at an aligned address in the window. */
  private void access(String name, Node node) {
    int align =
        name.startsWith("v") || name.startsWith("d")
            ? 32
            : name.contains("64") ? 8 : name.contains("32") ? 4 : name.contains("16") ? 2 : 1;
    out.visitVarInsn(ALOAD, 0);
    write(node.children.get(0));
    out.visitLdcInsn(RandomProgram.WINDOW_BYTES - 1 & -align);
    out.visitInsn(IAND);
    out.visitInsn(I2L);
    out.visitLdcInsn((long) RandomProgram.WINDOW);
    out.visitInsn(LADD);
    if (node.children.size() > 1) {
      write(node.children.get(1));
    }
    int open = name.indexOf('(');
    out.visitMethodInsn(
        INVOKEVIRTUAL, MEMORY, name.substring(0, open), name.substring(open), false);
  }

  private void statement(Node node) {
    Label number = new Label();
    out.visitLabel(number);
    out.visitLineNumber(++line, number);
    switch (node.kind) {
      case ASSIGN -> {
        write(node.children.get(0));
        store((int) node.value);
      }
      case INCREMENT -> out.visitIincInsn(slots[(int) (node.value & 255)], (int) (node.value >> 8));
      case IF -> choose(node);
      case LOOP -> loop(node);
      case REPEAT -> repeat(node);
      case SWITCH -> select(node);
      case BREAK -> {
        if (exit != null) {
          Label go = new Label();
          jumpUnless(node.children.get(0), go);
          out.visitJumpInsn(GOTO, exit);
          out.visitLabel(go);
        }
      }
      case BLOCK -> node.children.forEach(this::write);
      default -> throw new IllegalStateException(node.toString());
    }
  }

  private void bound(long max) {
    out.visitLdcInsn((int) max);
    out.visitMethodInsn(INVOKESTATIC, "opml/guest/Bounds", "loop", "(I)V", false);
  }

  /** for (i = 0; i < (limit & 7) && i < max; i++). */
  private void loop(Node node) {
    int counter = free++;
    Label head = new Label();
    Label end = new Label();
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, counter);
    out.visitLabel(head);
    out.visitVarInsn(ILOAD, counter);
    write(node.children.get(0));
    out.visitIntInsn(BIPUSH, 7);
    out.visitInsn(IAND);
    out.visitJumpInsn(IF_ICMPGE, end);
    out.visitVarInsn(ILOAD, counter);
    out.visitLdcInsn((int) node.value);
    out.visitJumpInsn(IF_ICMPGE, end);
    bound(node.value);
    inside(node.children.get(1), end);
    out.visitIincInsn(counter, 1);
    out.visitJumpInsn(GOTO, head);
    out.visitLabel(end);
    free--;
  }

  /** do { body } while (++i < max && condition). */
  private void repeat(Node node) {
    int counter = free++;
    Label head = new Label();
    Label end = new Label();
    out.visitInsn(ICONST_0);
    out.visitVarInsn(ISTORE, counter);
    out.visitLabel(head);
    bound(node.value);
    inside(node.children.get(1), end);
    out.visitIincInsn(counter, 1);
    out.visitVarInsn(ILOAD, counter);
    out.visitLdcInsn((int) node.value);
    out.visitJumpInsn(IF_ICMPGE, end);
    jumpUnless(node.children.get(0), end);
    out.visitJumpInsn(GOTO, head);
    out.visitLabel(end);
    free--;
  }

  private void inside(Node body, Label end) {
    Label outer = exit;
    exit = end;
    write(body);
    exit = outer;
  }

  private void select(Node node) {
    int count = node.children.size() - 1;
    Label[] labels = new Label[count];
    int[] keys = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = new Label();
      keys[i] = (i - 3) * 1000 + i;
    }
    Label end = new Label();
    write(node.children.get(0));
    if (node.value == 0) {
      out.visitIntInsn(BIPUSH, 7);
      out.visitInsn(IAND);
      out.visitTableSwitchInsn(0, count - 1, end, labels);
    } else {
      out.visitLookupSwitchInsn(end, keys, labels);
    }
    for (int i = 0; i < count; i++) {
      out.visitLabel(labels[i]);
      write(node.children.get(i + 1));
      if (i % 3 != 2) {
        out.visitJumpInsn(GOTO, end);
      }
    }
    out.visitLabel(end);
  }

  /** Jumps when the comparison does not hold. */
  private void jumpUnless(Node compare, Label target) {
    int test = (int) (compare.value & 7);
    Node right = compare.children.get(1);
    write(compare.children.get(0));
    if (compare.type == 'I' && right.kind == Kind.CONSTANT && right.value == 0) {
      out.visitJumpInsn(IFEQ + test, target);
      return;
    }
    write(right);
    switch (compare.type) {
      case 'I' -> {
        out.visitJumpInsn(IF_ICMPEQ + test, target);
        return;
      }
      case 'J' -> out.visitInsn(LCMP);
      case 'F' -> out.visitInsn(compare.value >> 8 == 0 ? FCMPL : FCMPG);
      case 'U' ->
          out.visitMethodInsn(INVOKESTATIC, "java/lang/Integer", "compareUnsigned", "(II)I", false);
      default ->
          out.visitMethodInsn(INVOKESTATIC, "java/lang/Long", "compareUnsigned", "(JJ)I", false);
    }
    out.visitJumpInsn(IFEQ + test, target);
  }
}
