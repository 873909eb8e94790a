package opml.machine;

import opml.step.Integers;
import opml.step.SoftFloat;

/** Operations that are too rare, or too large, for the interpreter's own switch. */
final class Rare {
  private Rare() {}

  static long compute(int op, int selector, long a, long b) {
    if (op >= Op.FDIV) {
      return floating(op, selector, a, (int) a, (int) b);
    }
    switch (op) {
      case Op.MULH:
        return Integers.mulh(a, b);
      case Op.MULHSU:
        return Integers.mulhsu(a, b);
      case Op.MULHU:
        return Integers.mulhu(a, b);
      case Op.DIV:
        return Integers.div(a, b);
      case Op.DIVU:
        return Integers.divu(a, b);
      case Op.REM:
        return Integers.rem(a, b);
      case Op.REMU:
        return Integers.remu(a, b);
      case Op.DIVW:
        return (int) Integers.div((int) a, (int) b);
      case Op.DIVUW:
        return (int) Integers.divu(a & 0xffffffffL, b & 0xffffffffL);
      case Op.REMW:
        return (int) Integers.rem((int) a, (int) b);
      default:
        return (int) Integers.remu(a & 0xffffffffL, b & 0xffffffffL);
    }
  }

  private static long floating(int op, int selector, long a, int x, int y) {
    switch (op) {
      case Op.FDIV:
        return Floats.div(x, y);
      case Op.FSQRT:
        return Floats.sqrt(x);
      case Op.FSGNJ:
        return x & 0x7fffffff | y & 0x80000000;
      case Op.FSGNJN:
        return x & 0x7fffffff | ~y & 0x80000000;
      case Op.FSGNJX:
        return x ^ y & 0x80000000;
      case Op.FMIN:
        return SoftFloat.min(x, y);
      case Op.FMAX:
        return SoftFloat.max(x, y);
      case Op.FLE:
        return Float.intBitsToFloat(x) <= Float.intBitsToFloat(y) ? 1 : 0;
      case Op.FLT:
        return Float.intBitsToFloat(x) < Float.intBitsToFloat(y) ? 1 : 0;
      case Op.FEQ:
        return Float.intBitsToFloat(x) == Float.intBitsToFloat(y) ? 1 : 0;
      case Op.FCLASS:
        return SoftFloat.classify(x);
      case Op.F_TO_INT:
        int width = (selector & 2) == 0 ? 32 : 64;
        return SoftFloat.toInteger(x, selector > 3, (selector & 1) == 0, width);
      case Op.INT_TO_F:
        return fromInteger(selector, a);
      case Op.H_TO_F:
        return SoftFloat.fromHalf(x & 0xffff);
      default:
        return (short) SoftFloat.toHalf(x);
    }
  }

  private static int fromInteger(int selector, long a) {
    switch (selector) {
      case 0:
        return Float.floatToRawIntBits((float) (int) a);
      case 1:
        return Float.floatToRawIntBits((float) (a & 0xffffffffL));
      case 2:
        return Float.floatToRawIntBits((float) a);
      default:
        return SoftFloat.fromInteger(a, false);
    }
  }
}
