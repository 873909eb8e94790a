package opml.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.objectweb.asm.Type;

/** Translates a guest program, methods of the Java subset, to the image that the VM runs. */
public final class Translator {
  /** INV-02: an operator that may take as many instructions fails the build. */
  public static final long BUDGET = 1 << 23;

  private Translator() {}

  /**
   * Translates the method and what it calls. The image enters at the method, which returns 0 for
   * YIELD, else EXIT.
   *
   * @param files internal class name ("opml/guest/Guest") to class file, or null where there is
   *     none
   * @throws SubsetException names class, method and line of what the subset does not have
   */
  public static Image translate(
      Function<String, byte[]> files, String owner, String name, String descriptor) {
    Program program = new Program(files);
    String where = Frame.where(owner, name, 0);
    Program.Method method = program.method(owner, name, descriptor, where);
    if (Type.getReturnType(descriptor) != Type.INT_TYPE) {
      throw new SubsetException(where, "the entry must return an int");
    }
    Routine entry = program.routine(method, where);
    List<Routine> routines = new ArrayList<>();
    program.routines().forEach(routines::add);
    return Linker.link(routines, entry);
  }
}
