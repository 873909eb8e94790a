package opml.translate;

import static org.objectweb.asm.Opcodes.*;

import opml.translate.Value.Constant;
import opml.translate.Value.Register;
import opml.translate.Value.Sum;

/**
 * Lowers arithmetic and conversions. Invariant: an int in a register is sign-extended to 64 bits,
 * so int arithmetic uses the W forms and comparisons need no extension.
 */
final class Arithmetic {
  private final Code code;

  Arithmetic(Code code) {
    this.code = code;
  }

  /**
   * A binary operation of the class file; null when the subset does not have it.
   *
   * @param tested whether the code around it makes sure that a divisor is positive
   */
  Value binary(int opcode, Value x, Value y, boolean tested) {
    return switch (opcode) {
      case IADD, LADD, IMUL, LMUL, IAND, LAND, IOR, LOR, IXOR, LXOR -> commutative(opcode, x, y);
      case ISUB, LSUB, ISHL, LSHL, ISHR, LSHR, IUSHR, LUSHR -> ordered(opcode, x, y);
      case IDIV, LDIV, IREM, LREM -> division(opcode, x, y, tested);
      case FADD -> floating(Op.FADD, x, y);
      case FSUB -> floating(Op.FSUB, x, y);
      case FMUL -> floating(Op.FMUL, x, y);
      case FDIV -> floating(Op.FDIV, x, y);
      default -> null;
    };
  }

  private Value commutative(int opcode, Value x, Value y) {
    if (x instanceof Constant && !(y instanceof Constant)) {
      return ordered(opcode, y, x);
    }
    return ordered(opcode, x, y);
  }

  private Value ordered(int opcode, Value x, Value y) {
    if (y instanceof Constant(char type, long bits)) {
      if (x instanceof Constant(char t, long left)) {
        return new Constant(t, fold(opcode, left, bits));
      }
      Value folded = immediate(opcode, x, bits);
      if (folded != null) {
        return folded;
      }
    }
    if (opcode == LADD && (x instanceof Sum || y instanceof Sum)) {
      long offset = offset(x) + offset(y);
      return new Sum(code.make(Op.ADD, base(x), base(y), 0), offset);
    }
    return result(opcode, code.make(plain(opcode), code.register(x), code.register(y), 0));
  }

  private int base(Value value) {
    return value instanceof Sum(int id, long offset) ? id : code.register(value);
  }

  private static long offset(Value value) {
    return value instanceof Sum(int id, long offset) ? offset : 0;
  }

  private Value immediate(int opcode, Value x, long c) {
    return switch (opcode) {
      case LADD -> sum(x, c);
      case LSUB -> sum(x, -c);
      case IADD -> small(Op.ADDIW, 'I', x, c);
      case ISUB -> small(Op.ADDIW, 'I', x, -c);
      case IAND -> mask('I', x, c);
      case LAND -> mask('J', x, c);
      case IOR -> small(Op.ORI, 'I', x, c);
      case LOR -> small(Op.ORI, 'J', x, c);
      case IXOR -> small(Op.XORI, 'I', x, c);
      case LXOR -> small(Op.XORI, 'J', x, c);
      case ISHL -> shift(Op.SLLIW, 'I', x, c & 31);
      case ISHR -> shift(Op.SRAIW, 'I', x, c & 31);
      case IUSHR -> shift(Op.SRLIW, 'I', x, c & 31);
      case LSHL -> shift(Op.SLLI, 'J', x, c & 63);
      case LSHR -> shift(Op.SRAI, 'J', x, c & 63);
      case LUSHR -> shift(Op.SRLI, 'J', x, c & 63);
      case IMUL -> power(c) ? shift(Op.SLLIW, 'I', x, Long.numberOfTrailingZeros(c)) : null;
      case LMUL -> power(c) ? shift(Op.SLLI, 'J', x, Long.numberOfTrailingZeros(c)) : null;
      default -> null;
    };
  }

  private static boolean power(long c) {
    return c > 0 && Long.bitCount(c) == 1;
  }

  private Value sum(Value x, long c) {
    return switch (x) {
      case Sum(int id, long offset) ->
          offset + c == 0 ? new Register('J', id) : new Sum(id, offset + c);
      default -> c == 0 ? x : new Sum(code.register(x), c);
    };
  }

  private Value small(Op op, char type, Value x, long c) {
    if (!Code.fits(c)) {
      return null;
    }
    return c == 0 ? x : new Register(type, code.make(op, code.register(x), -1, c));
  }

  private Value shift(Op op, char type, Value x, long c) {
    return c == 0 ? x : new Register(type, code.make(op, code.register(x), -1, c));
  }

  /** And with a constant: immediate form, or two shifts for a run of low ones. */
  private Value mask(char type, Value x, long c) {
    if (Code.fits(c)) {
      return new Register(type, code.make(Op.ANDI, code.register(x), -1, c));
    }
    if (c <= 0 || (c & c + 1) != 0) {
      return null;
    }
    int high = Long.numberOfLeadingZeros(c);
    int left = code.make(Op.SLLI, code.register(x), -1, high);
    return new Register(type, code.make(Op.SRLI, left, -1, high));
  }

  private Value division(int opcode, Value x, Value y, boolean tested) {
    if (y instanceof Constant(char type, long divisor)) {
      if (divisor <= 0) {
        return null;
      }
      if (x instanceof Constant(char t, long left)) {
        return new Constant(t, opcode == IDIV || opcode == LDIV ? left / divisor : left % divisor);
      }
    } else if (!tested) {
      return null;
    }
    return result(opcode, code.make(plain(opcode), code.register(x), code.register(y), 0));
  }

  private Value floating(Op op, Value x, Value y) {
    return new Register('F', code.make(op, code.register(x), code.register(y), 0));
  }

  /** Negation and conversions; null when the subset does not have it. */
  Value unary(int opcode, Value x) {
    if (x instanceof Constant(char type, long bits)) {
      Value folded = fold(opcode, bits);
      if (folded != null) {
        return folded;
      }
    }
    return switch (opcode) {
      case INEG -> new Register('I', code.make(Op.SUBW, 0, code.register(x), 0));
      case LNEG -> new Register('J', code.make(Op.SUB, 0, code.register(x), 0));
      case I2L -> x instanceof Register(char type, int id) ? new Register('J', id) : null;
      case L2I -> new Register('I', code.make(Op.ADDIW, code.register(x), -1, 0));
      case I2F -> new Register('F', code.make(Op.FCVT_S_W, code.register(x), -1, 0));
      case L2F -> new Register('F', code.make(Op.FCVT_S_L, code.register(x), -1, 0));
      case I2B -> extend(Op.SRAI, x, 56);
      case I2S -> extend(Op.SRAI, x, 48);
      case I2C -> extend(Op.SRLI, x, 48);
      default -> null;
    };
  }

  private Value extend(Op right, Value x, int distance) {
    int left = code.make(Op.SLLI, code.register(x), -1, distance);
    return new Register('I', code.make(right, left, -1, distance));
  }

  private static Value fold(int opcode, long x) {
    return switch (opcode) {
      case INEG -> new Constant('I', -(int) x);
      case LNEG -> new Constant('J', -x);
      case I2L -> new Constant('J', x);
      case L2I -> new Constant('I', (int) x);
      case I2F -> new Constant('F', Float.floatToRawIntBits((float) (int) x));
      case L2F -> new Constant('F', Float.floatToRawIntBits((float) x));
      case I2B -> new Constant('I', (byte) x);
      case I2S -> new Constant('I', (short) x);
      case I2C -> new Constant('I', (char) x);
      default -> null;
    };
  }

  private static long fold(int opcode, long x, long y) {
    return switch (opcode) {
      case IADD -> (int) (x + y);
      case ISUB -> (int) (x - y);
      case IMUL -> (int) (x * y);
      case LADD -> x + y;
      case LSUB -> x - y;
      case LMUL -> x * y;
      case IAND, LAND -> x & y;
      case IOR, LOR -> x | y;
      case IXOR, LXOR -> x ^ y;
      case ISHL -> (int) x << y;
      case ISHR -> (int) x >> y;
      case IUSHR -> (int) x >>> y;
      case LSHL -> x << y;
      case LSHR -> x >> y;
      case LUSHR -> x >>> y;
      default -> throw new IllegalStateException("opcode " + opcode);
    };
  }

  private static Value result(int opcode, int register) {
    return switch (plain(opcode)) {
      case ADDW, SUBW, MULW, DIVW, REMW, SLLW, SRAW, SRLW -> new Register('I', register);
      default ->
          new Register(opcode == IAND || opcode == IOR || opcode == IXOR ? 'I' : 'J', register);
    };
  }

  static Op plain(int opcode) {
    return switch (opcode) {
      case IADD -> Op.ADDW;
      case ISUB -> Op.SUBW;
      case IMUL -> Op.MULW;
      case IDIV -> Op.DIVW;
      case IREM -> Op.REMW;
      case ISHL -> Op.SLLW;
      case ISHR -> Op.SRAW;
      case IUSHR -> Op.SRLW;
      case LADD -> Op.ADD;
      case LSUB -> Op.SUB;
      case LMUL -> Op.MUL;
      case LDIV -> Op.DIV;
      case LREM -> Op.REM;
      case LSHL -> Op.SLL;
      case LSHR -> Op.SRA;
      case LUSHR -> Op.SRL;
      case IAND, LAND -> Op.AND;
      case IOR, LOR -> Op.OR;
      case IXOR, LXOR -> Op.XOR;
      default -> throw new IllegalStateException("opcode " + opcode);
    };
  }
}
