package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import opml.guest.ArrayMemory;
import opml.guest.Memory;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Runs one static method on the JVM and, translated, in the VM, on equal memory. Arguments are read
 * from the first bytes of STATE, eight bytes each; the result is stored at {@link #RESULT}.
 */
final class Twin {
  static final int STATE_BYTES = 4096;
  static final int RESULT = 512;

  /** Owner of kernels: their methods are called on the memory. */
  static final String MEMORY = "opml/guest/Memory";

  private static final String WRAPPER = "subject/Wrapper";
  private static final RegionSizes SIZES = new RegionSizes(17, 7, 7, 7, 7, 7);
  private static final long STEPS = 50_000_000;

  private final Image image;
  private final Class<?> wrapper;

  /** Instructions of the last run in the VM. */
  long steps;

  /** The method; classes are those that the class path does not have. */
  Twin(Map<String, byte[]> classes, String owner, String name, String descriptor) {
    byte[] wrapping = wrap(owner, name, descriptor);
    image =
        Translator.translate(
            file ->
                file.equals(WRAPPER)
                    ? wrapping
                    : classes.containsKey(file) ? classes.get(file) : resource(file),
            WRAPPER,
            "step",
            "(Lopml/guest/Memory;)I");
    ClassLoader loader =
        new ClassLoader(Twin.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String binary) throws ClassNotFoundException {
            String file = binary.replace('.', '/');
            byte[] bytes = file.equals(WRAPPER) ? wrapping : classes.get(file);
            if (bytes == null) {
              throw new ClassNotFoundException(binary);
            }
            return defineClass(binary, bytes, 0, bytes.length);
          }
        };
    try {
      wrapper = loader.loadClass(WRAPPER.replace('/', '.'));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The image with a wrapper around the method. */
  Image image() {
    return image;
  }

  static byte[] resource(String name) {
    try (InputStream in = Twin.class.getResourceAsStream("/" + name + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] wrap(String owner, String name, String descriptor) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(V1_5, ACC_PUBLIC | ACC_FINAL, WRAPPER, null, "java/lang/Object", null);
    MethodVisitor out =
        writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "step", "(Lopml/guest/Memory;)I", null, null);
    out.visitCode();
    Type result = Type.getReturnType(descriptor);
    if (result != Type.VOID_TYPE) {
      out.visitVarInsn(ALOAD, 0);
      out.visitLdcInsn((long) RESULT);
    }
    if (owner.equals(MEMORY)) {
      out.visitVarInsn(ALOAD, 0);
    }
    long at = 0;
    for (Type type : Type.getArgumentTypes(descriptor)) {
      out.visitVarInsn(ALOAD, 0);
      if (type.getSort() != Type.OBJECT) {
        out.visitLdcInsn(at);
        out.visitMethodInsn(
            INVOKEVIRTUAL, "opml/guest/Memory", "load" + kind(type), "(J)" + type, false);
        at += 8;
      }
    }
    boolean kernel = owner.equals(MEMORY);
    out.visitMethodInsn(kernel ? INVOKEVIRTUAL : INVOKESTATIC, owner, name, descriptor, false);
    if (result != Type.VOID_TYPE) {
      out.visitMethodInsn(
          INVOKEVIRTUAL, "opml/guest/Memory", "store" + kind(result), "(J" + result + ")V", false);
    }
    out.visitInsn(ICONST_0);
    out.visitInsn(IRETURN);
    out.visitMaxs(0, 0);
    out.visitEnd();
    return writer.toByteArray();
  }

  private static String kind(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> "I64";
      case Type.FLOAT -> "F32";
      default -> "I32";
    };
  }

  /** STATE after the method ran on the JVM. */
  byte[] onJvm(byte[] state) {
    Memory memory = new ArrayMemory(new byte[0], new byte[0], 7, 7, 7, 7);
    for (int i = 0; i < state.length; i++) {
      memory.storeI8(i, state[i]);
    }
    try {
      wrapper.getMethod("step", Memory.class).invoke(null, memory);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("on the JVM", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    byte[] result = new byte[state.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) memory.loadI8(i);
    }
    return result;
  }

  /** STATE after the method ran in the VM. */
  byte[] inVm(byte[] state) {
    Machine machine =
        new Machine(
            SIZES,
            new BytePages(image.code(), 17),
            empty(),
            empty(),
            new BytePages(state.clone(), 7),
            empty());
    machine.resume();
    steps = machine.run(STEPS);
    if (machine.status() != Machine.YIELDED) {
      throw new IllegalStateException(
          "in the VM: status "
              + machine.status()
              + " "
              + machine.faultReason()
              + " at "
              + Long.toHexString(machine.pc()));
    }
    if (steps > image.worst()) {
      throw new IllegalStateException(
          "in the VM: " + steps + " steps, the static worst case is " + image.worst());
    }
    return machine.read(0, state.length);
  }

  private static Pages empty() {
    return new BytePages(new byte[0], 7);
  }
}
