package opml.jit;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import opml.machine.Fragment;
import opml.machine.HostCode;
import opml.machine.Lowering;
import opml.machine.Pages;
import opml.machine.Translation;

/** Translates each fragment to a hidden class of its own; HotSpot compiles what is hot. */
public final class BytecodeTranslation extends Translation {
  /** HotSpot compiles no method of more than 8000 bytes, inlined ones counted in the main. */
  private static final int LIMIT = 256;

  private static final ClassDesc NAME = ClassDesc.of("opml.jit.GuestCode");

  /**
   * @param size log2 of the leaves of CODE
   */
  public BytecodeTranslation(Pages code, int size) {
    super(code, size, LIMIT);
  }

  @Override
  protected HostCode translate(Fragment fragment) {
    byte[] made =
        ClassFile.of()
            .build(
                NAME,
                c ->
                    c.withSuperclass(Names.HOST_CODE)
                        .withFlags(AccessFlag.FINAL)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            0,
                            BytecodeTranslation::construct)
                        .withMethodBody(
                            "run",
                            Names.RUN,
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL,
                            code -> body(code, fragment)));
    try {
      MethodHandles.Lookup host = MethodHandles.lookup().defineHiddenClass(made, true);
      return (HostCode)
          host.findConstructor(host.lookupClass(), MethodType.methodType(void.class)).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("translated code does not load", e);
    }
  }

  private static void construct(CodeBuilder code) {
    code.aload(0)
        .invokespecial(Names.HOST_CODE, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
        .return_();
  }

  private static void body(CodeBuilder code, Fragment fragment) {
    Bytecode body = new Bytecode(code, fragment);
    body.begin();
    Lowering.lower(fragment, body);
    body.finish();
  }
}
