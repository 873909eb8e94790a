package opml.translate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** The guest's classes and the routines made of them so far. */
final class Program {
  private static final String FINAL_CLASS = "guest code is static methods of final classes";

  /** Internal class name to class file, null when there is none. */
  private final Function<String, byte[]> files;

  private final Map<String, ClassNode> classes = new TreeMap<>();
  private final Map<String, Routine> routines = new LinkedHashMap<>();

  /** Methods being translated or inlined, innermost last. */
  private final Map<String, Boolean> active = new LinkedHashMap<>();

  record Method(String owner, MethodNode node) {
    private static final String SPECIALIZED = "Lopml/guest/Specialized;";

    String key() {
      return owner + "." + node.name + node.desc;
    }

    /** Whether constant arguments make a routine of their own. */
    boolean specialized() {
      return node.invisibleAnnotations != null
          && node.invisibleAnnotations.stream().anyMatch(a -> a.desc.equals(SPECIALIZED));
    }
  }

  Program(Function<String, byte[]> files) {
    this.files = files;
  }

  Iterable<Routine> routines() {
    return routines.values();
  }

  Method method(String owner, String name, String descriptor, String where) {
    ClassNode node = classes.computeIfAbsent(owner, k -> read(k, where));
    for (MethodNode method : node.methods) {
      if (method.name.equals(name) && method.desc.equals(descriptor)) {
        if ((method.access & Opcodes.ACC_STATIC) == 0
            || (method.access & Opcodes.ACC_NATIVE) != 0) {
          throw new SubsetException(
              where, name + " of " + owner + " is not static: " + FINAL_CLASS);
        }
        return new Method(owner, method);
      }
    }
    throw new SubsetException(where, "no method " + name + descriptor + " in " + owner);
  }

  private ClassNode read(String owner, String where) {
    byte[] file = files.apply(owner);
    if (file == null) {
      throw new SubsetException(where, "class " + owner + " is not part of the guest");
    }
    ClassNode node = new ClassNode();
    new ClassReader(file).accept(node, ClassReader.SKIP_FRAMES);
    if ((node.access & Opcodes.ACC_FINAL) == 0 || !"java/lang/Object".equals(node.superName)) {
      throw new SubsetException(where, "class " + owner + " is not final: " + FINAL_CLASS);
    }
    for (FieldNode field : node.fields) {
      if (field.value == null) {
        throw new SubsetException(
            where, "field " + owner + "." + field.name + " is not a compile-time constant");
      }
    }
    if (node.methods.stream().anyMatch(m -> m.name.equals("<clinit>"))) {
      throw new SubsetException(
          where, "class " + owner + " has a static initializer, which the VM never runs");
    }
    return node;
  }

  /**
   * The finished routine of a method; callees first, so the call graph is seen to be acyclic here.
   */
  Routine routine(Method method, String where) {
    return routine(method, Map.of(), where);
  }

  /** The same with some arguments, by position, fixed. */
  Routine routine(Method method, Map<Integer, Value> fixed, String where) {
    String suffix = fixed.isEmpty() ? "" : " " + suffix(fixed);
    Routine known = routines.get(method.key() + suffix);
    if (known != null) {
      return known;
    }
    enter(method, where);
    Routine routine =
        new Routine(
            method.owner().replace('/', '.')
                + "."
                + method.node().name
                + method.node().desc
                + suffix);
    new Lowering(routine, this).root(method, fixed);
    Compiler.finish(routine);
    active.remove(method.key());
    routines.put(method.key() + suffix, routine);
    return routine;
  }

  private static String suffix(Map<Integer, Value> fixed) {
    return fixed.entrySet().stream()
        .filter(e -> e.getValue() instanceof Value.Constant)
        .map(e -> e.getKey() + "=" + ((Value.Constant) e.getValue()).bits())
        .collect(Collectors.joining(","));
  }

  /**
   * Marks the method as being on the way; no recursion, so every frame has a fixed place in
   * SCRATCH.
   */
  void enter(Method method, String where) {
    if (active.put(method.key(), true) != null) {
      throw new SubsetException(
          where, "recursion through " + method.key() + " is not in the guest subset");
    }
  }

  void leave(Method method) {
    active.remove(method.key());
  }
}
