package opml.jit;

import opml.machine.Op;
import opml.machine.Operations;

/** Computations of generated code: those that are frequent by themselves, the rest as one. */
final class Numbers {
  private Numbers() {}

  /** Name of the method for an operation; null: there is none of its own. */
  static String of(int op) {
    return switch (op) {
      case Op.SLT -> "less";
      case Op.SLTU -> "below";
      case Op.FSGNJ -> "sign";
      case Op.FSGNJN -> "opposite";
      case Op.FSGNJX -> "signs";
      case Op.FLE -> "atMost";
      case Op.FLT -> "lower";
      default -> null;
    };
  }

  static long less(long a, long b) {
    return a < b ? 1 : 0;
  }

  static long below(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
  }

  private static float f(long a) {
    return Float.intBitsToFloat((int) a);
  }

  static long sign(long a, long b) {
    return (int) a & 0x7fffffff | (int) b & 0x80000000;
  }

  static long opposite(long a, long b) {
    return (int) a & 0x7fffffff | ~(int) b & 0x80000000;
  }

  static long signs(long a, long b) {
    return (int) a ^ (int) b & 0x80000000;
  }

  static long atMost(long a, long b) {
    return f(a) <= f(b) ? 1 : 0;
  }

  static long lower(long a, long b) {
    return f(a) < f(b) ? 1 : 0;
  }

  /** Any other operation. */
  static long compute(long a, long b, int op, int selector) {
    return Operations.compute(op, selector, a, b);
  }
}
