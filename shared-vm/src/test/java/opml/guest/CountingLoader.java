package opml.guest;

import static org.objectweb.asm.Opcodes.INVOKESTATIC;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Loads opml.guest and its tests a second time, with every loop counted by {@link BoundCounter}.
 */
final class CountingLoader extends ClassLoader {
  private static final String COUNTER = "opml/guest/BoundCounter";

  CountingLoader() {
    super(CountingLoader.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("opml.guest.") || name.equals(COUNTER.replace('/', '.'))) {
      return super.loadClass(name, resolve);
    }
    Class<?> known = findLoadedClass(name);
    return known != null ? known : define(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ClassNode node = new ClassNode();
      new ClassReader(in.readAllBytes()).accept(node, 0);
      node.methods.forEach(m -> count(node, m));
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      node.accept(writer);
      byte[] bytes = writer.toByteArray();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static void count(ClassNode owner, MethodNode method) {
    InsnList code = method.instructions;
    List<MethodInsnNode> loops = new ArrayList<>();
    for (AbstractInsnNode insn : code) {
      if (insn instanceof MethodInsnNode call && call.owner.equals("opml/guest/Bounds")) {
        loops.add(call);
      }
    }
    int site = -1;
    List<LabelNode> entered = new ArrayList<>();
    for (MethodInsnNode call : loops) {
      if (call.name.equals("loop")) {
        site = BoundCounter.site(owner.name + "." + method.name + " loop " + code.indexOf(call));
        LabelNode head = head(code, call);
        if (entered.contains(head)) {
          throw new AssertionError("two bounds for one loop in " + owner.name + "." + method.name);
        }
        entered.add(head);
        enter(code, head, site);
      }
      code.insertBefore(call, new LdcInsnNode(site));
      call.owner = COUNTER;
      call.desc = "(II)V";
    }
    if (owner.name.equals("opml/guest/Guest") && method.name.equals("step")) {
      code.insert(new MethodInsnNode(INVOKESTATIC, COUNTER, "step", "()V"));
    }
  }

  /** Target of the innermost backward jump across the bound. */
  private static LabelNode head(InsnList code, AbstractInsnNode bound) {
    int at = code.indexOf(bound);
    LabelNode best = null;
    for (AbstractInsnNode insn : code) {
      if (insn instanceof JumpInsnNode jump && code.indexOf(jump) > at) {
        int target = code.indexOf(jump.label);
        if (target <= at && (best == null || target > code.indexOf(best))) {
          best = jump.label;
        }
      }
    }
    if (best == null) {
      throw new AssertionError("a bound outside a loop");
    }
    return best;
  }

  /** Whoever reaches the head other than by a backward jump passes BoundCounter.enter. */
  private static void enter(InsnList code, LabelNode head, int site) {
    LabelNode outside = new LabelNode();
    int at = code.indexOf(head);
    for (AbstractInsnNode insn : code) {
      if (insn instanceof JumpInsnNode jump && jump.label == head && code.indexOf(jump) < at) {
        jump.label = outside;
      }
    }
    InsnList call = new InsnList();
    call.add(outside);
    call.add(new LdcInsnNode(site));
    call.add(new MethodInsnNode(INVOKESTATIC, COUNTER, "enter", "(I)V"));
    code.insertBefore(head, call);
  }
}
