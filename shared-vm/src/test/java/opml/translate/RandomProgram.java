package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import opml.translate.Node.Kind;

/**
 * A random well-typed program of the guest subset: methods that only call earlier ones; the last is
 * what is run.
 */
final class RandomProgram {
  /** Memory that programs use: a window of STATE. */
  static final int WINDOW = 1024;

  static final int WINDOW_BYTES = 512;

  private static final int[] INT_OPS = {
    IADD, ISUB, IMUL, IAND, IOR, IXOR, ISHL, ISHR, IUSHR, IDIV, IREM
  };
  private static final int[] LONG_OPS = {
    LADD, LSUB, LMUL, LAND, LOR, LXOR, LSHL, LSHR, LUSHR, LDIV, LREM
  };
  private static final int[] FLOAT_OPS = {FADD, FSUB, FMUL, FDIV};
  private static final long[] SPECIAL = {
    0,
    1,
    -1,
    2,
    7,
    31,
    32,
    63,
    255,
    256,
    2047,
    2048,
    -2048,
    -2049,
    4095,
    65535,
    0x7fffffffL,
    -0x80000000L,
    0x80000000L,
    0xffffffffL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x5851f42d4c957f2dL,
    -0x123456789abcdefL
  };
  private static final float[] SPECIAL_FLOATS = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    1.5f,
    1e-40f,
    -1e-45f,
    3.4e38f,
    1e38f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    12582912f,
    88.5f,
    -87.3f,
    1.17549435e-38f
  };

  /** One method: types of parameters and other variables, body, result. */
  static final class Method {
    final String parameters;
    final String variables;
    final char result;
    Node body;
    Node value;

    Method(String parameters, String variables, char result) {
      this.parameters = parameters;
      this.variables = parameters + variables;
      this.result = result;
    }

    String descriptor() {
      return "(Lopml/guest/Memory;" + parameters + ")" + result;
    }
  }

  final List<Method> methods = new ArrayList<>();
  private final Random random;
  private Method current;

  RandomProgram(long seed) {
    random = new Random(seed);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      current =
          new Method(
              types(random.nextInt(10)),
              types(1 + random.nextInt(random.nextInt(8) == 0 ? 50 : 8)),
              type());
      current.body = block(3);
      current.value = expression(current.result, 4);
      methods.add(current);
    }
  }

  private char type() {
    return "IIJF".charAt(random.nextInt(4));
  }

  private String types(int count) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < count; i++) {
      result.append(type());
    }
    return result.toString();
  }

  private Node block(int depth) {
    Node block = new Node(Kind.BLOCK, 'V', 0);
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      block.children.add(statement(depth));
    }
    return block;
  }

  private Node statement(int depth) {
    int choice = random.nextInt(depth > 0 ? 16 : 9);
    int variable = random.nextInt(current.variables.length());
    char type = current.variables.charAt(variable);
    return switch (choice) {
      case 0, 1, 2, 3, 4 -> new Node(Kind.ASSIGN, type, variable, expression(type, 4));
      case 5 ->
          type == 'I'
              ? new Node(Kind.INCREMENT, 'I', variable | (long) (random.nextInt(9) - 4) << 8)
              : new Node(Kind.ASSIGN, type, variable, expression(type, 2));
      case 6 -> store();
      case 7 -> new Node(Kind.VECTOR, 'V', random.nextInt(2), expression('I', 2));
      case 8 -> new Node(Kind.BREAK, 'V', 0, condition(2));
      case 9, 10, 11 -> new Node(Kind.IF, 'V', 0, condition(3), block(depth - 1), block(depth - 1));
      case 12, 13 ->
          new Node(Kind.LOOP, 'V', 1 + random.nextInt(5), expression('I', 2), block(depth - 1));
      case 14 -> new Node(Kind.REPEAT, 'V', 1 + random.nextInt(4), condition(2), block(depth - 1));
      default -> {
        Node selection = new Node(Kind.SWITCH, 'V', random.nextInt(2), expression('I', 2));
        for (int i = random.nextInt(7); i >= 0; i--) {
          selection.children.add(block(depth - 1));
        }
        yield selection;
      }
    };
  }

  private Node store() {
    int index = random.nextInt(ProgramWriter.STORES.length);
    char type = ProgramWriter.STORES[index].charAt(ProgramWriter.STORES[index].indexOf(')') - 1);
    return new Node(Kind.STORE, type, index, expression('I', 2), expression(type, 4));
  }

  private Node condition(int depth) {
    char type = "IIJFFUW".charAt(random.nextInt(7));
    char operand = type == 'U' ? 'I' : type == 'W' ? 'J' : type;
    Node right =
        random.nextInt(4) == 0
            ? new Node(Kind.CONSTANT, operand, 0)
            : expression(operand, depth - 1);
    return new Node(
        Kind.COMPARE,
        type,
        random.nextInt(6) | random.nextInt(2) << 8,
        expression(operand, depth - 1),
        right);
  }

  private Node expression(char type, int depth) {
    int choice = depth <= 0 ? random.nextInt(4) : random.nextInt(16);
    switch (choice) {
      case 0:
        return new Node(Kind.CONSTANT, type, constant(type));
      case 1, 2, 3:
        return variable(type);
      case 4, 5:
        return unary(type, depth);
      case 6:
        return load(type, depth);
      case 7:
        return new Node(
            Kind.CHOICE,
            type,
            0,
            condition(depth - 1),
            expression(type, depth - 1),
            expression(type, depth - 1));
      case 8:
        return call(type, depth);
      case 9:
        return intrinsic(type, depth);
      default:
        return binary(type, depth);
    }
  }

  private long constant(char type) {
    if (type == 'F') {
      float f =
          random.nextBoolean()
              ? SPECIAL_FLOATS[random.nextInt(SPECIAL_FLOATS.length)]
              : random.nextFloat() * 100 - 50;
      return Float.floatToIntBits(f);
    }
    long value =
        random.nextInt(3) == 0
            ? random.nextLong() >> random.nextInt(64)
            : SPECIAL[random.nextInt(SPECIAL.length)];
    return type == 'I' ? (int) value : value;
  }

  private Node variable(char type) {
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < current.variables.length(); i++) {
      if (current.variables.charAt(i) == type) {
        fitting.add(i);
      }
    }
    return fitting.isEmpty()
        ? new Node(Kind.CONSTANT, type, constant(type))
        : new Node(Kind.VARIABLE, type, fitting.get(random.nextInt(fitting.size())));
  }

  private Node unary(char type, int depth) {
    int[] ops =
        switch (type) {
          case 'I' -> new int[] {INEG, L2I, I2B, I2S, I2C};
          case 'J' -> new int[] {LNEG, I2L};
          default -> new int[] {I2F, L2F};
        };
    int op = ops[random.nextInt(ops.length)];
    char from = op == L2I || op == L2F || op == LNEG ? 'J' : 'I';
    return new Node(Kind.UNARY, type, op, expression(from, depth - 1));
  }

  private Node binary(char type, int depth) {
    int[] ops = type == 'I' ? INT_OPS : type == 'J' ? LONG_OPS : FLOAT_OPS;
    int op = ops[random.nextInt(ops.length)];
    Node left = expression(type, depth - 1);
    Node right =
        switch (op) {
          case IDIV, IREM ->
              new Node(Kind.CONSTANT, 'I', 1 + random.nextInt(1 << random.nextInt(30)));
          case LDIV, LREM ->
              new Node(Kind.CONSTANT, 'J', 1 + (random.nextLong() >>> 1 + random.nextInt(62)));
          case LSHL, LSHR, LUSHR -> expression('I', depth - 1);
          default -> expression(type, depth - 1);
        };
    return new Node(Kind.BINARY, type, op, left, right);
  }

  private Node load(char type, int depth) {
    int index;
    do {
      index = random.nextInt(ProgramWriter.LOADS.length);
    } while (!ProgramWriter.LOADS[index].endsWith(")" + type));
    return new Node(Kind.LOAD, type, index, expression('I', depth - 1));
  }

  private Node intrinsic(char type, int depth) {
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < ProgramWriter.INTRINSICS.length; i++) {
      if (ProgramWriter.INTRINSICS[i].endsWith(")" + type)) {
        fitting.add(i);
      }
    }
    int index = fitting.get(random.nextInt(fitting.size()));
    String name = ProgramWriter.INTRINSICS[index];
    Node node = new Node(Kind.INTRINSIC, type, index);
    for (char parameter : name.substring(name.indexOf('(') + 1, name.indexOf(')')).toCharArray()) {
      node.children.add(expression(parameter, depth - 1));
    }
    return node;
  }

  private Node call(char type, int depth) {
    for (int i = 0; i < methods.size(); i++) {
      if (methods.get(i).result == type && random.nextInt(2) == 0) {
        Node node = new Node(Kind.CALL, type, i);
        for (char parameter : methods.get(i).parameters.toCharArray()) {
          node.children.add(expression(parameter, Math.min(depth - 1, 2)));
        }
        return node;
      }
    }
    return binary(type, depth);
  }
}
