package opml.translate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Methods beyond the reach of a branch, and beyond the room for spilled values. */
class LargeMethodTest {
  private static final String OWNER = "subject/Large";

  private static Twin twin(Consumer<MethodVisitor> body) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(V1_5, ACC_PUBLIC | ACC_FINAL, OWNER, null, "java/lang/Object", null);
    MethodVisitor out = writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "m", "(II)I", null, null);
    out.visitCode();
    body.accept(out);
    out.visitMaxs(0, 0);
    out.visitEnd();
    return new Twin(Map.of(OWNER, writer.toByteArray()), OWNER, "m", "(II)I");
  }

  /** r = r * 31 + i, often. */
  private static void stretch(MethodVisitor out, int length) {
    for (int i = 0; i < length; i++) {
      out.visitVarInsn(ILOAD, 0);
      out.visitIntInsn(BIPUSH, 31);
      out.visitInsn(IMUL);
      out.visitLdcInsn(i);
      out.visitInsn(IADD);
      out.visitVarInsn(ISTORE, 0);
    }
  }

  @Test
  void branchesReachOverLongCodeInBothDirections() {
    Twin twin =
        twin(
            out -> {
              Label head = new Label();
              Label other = new Label();
              Label join = new Label();
              out.visitLabel(head);
              out.visitInsn(ICONST_5);
              out.visitMethodInsn(INVOKESTATIC, "opml/guest/Bounds", "loop", "(I)V", false);
              out.visitVarInsn(ILOAD, 0);
              out.visitJumpInsn(IFLT, other);
              stretch(out, 1500);
              out.visitJumpInsn(GOTO, join);
              out.visitLabel(other);
              stretch(out, 400);
              out.visitLabel(join);
              out.visitIincInsn(1, 1);
              out.visitVarInsn(ILOAD, 1);
              out.visitIntInsn(BIPUSH, 7);
              out.visitInsn(IAND);
              out.visitJumpInsn(IFNE, head);
              out.visitVarInsn(ILOAD, 0);
              out.visitInsn(IRETURN);
            });
    Random random = new Random(2);
    for (int i = 0; i < 20; i++) {
      byte[] state = new byte[Twin.STATE_BYTES];
      random.nextBytes(state);
      state[8] = (byte) (3 + i % 5);
      assertArrayEquals(twin.onJvm(state), twin.inVm(state));
    }
    assertTrue(twin.image().code().length > 12_000);
  }

  @Test
  void moreSpilledValuesThanTheWindowHoldsAreRefused() {
    SubsetException e =
        assertThrows(
            SubsetException.class,
            () ->
                twin(
                    out -> {
                      for (int i = 0; i < 600; i++) {
                        out.visitVarInsn(ILOAD, 0);
                        out.visitLdcInsn(i * 7919);
                        out.visitInsn(IMUL);
                        out.visitVarInsn(ISTORE, 2 + i);
                      }
                      for (int i = 0; i < 600; i++) {
                        out.visitVarInsn(ILOAD, 2 + i);
                        out.visitVarInsn(ILOAD, 0);
                        out.visitInsn(IADD);
                        out.visitVarInsn(ISTORE, 0);
                      }
                      out.visitVarInsn(ILOAD, 0);
                      out.visitInsn(IRETURN);
                    }));
    assertTrue(e.getMessage().contains("4096 bytes of spilled values"), e.getMessage());
  }
}
