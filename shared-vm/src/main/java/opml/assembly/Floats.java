package opml.assembly;

/** Instructions of OP-FP: Zfinx and Zhinxmin. */
final class Floats {
  private static final String[] SIGN = {"fsgnj.s", "fsgnjn.s", "fsgnjx.s"};
  private static final String[] EXTREME = {"fmin.s", "fmax.s"};
  private static final String[] COMPARE = {"fle.s", "flt.s", "feq.s"};
  private static final String[] INTEGER = {"w", "wu", "l", "lu"};

  private Floats() {}

  /** Text, or null of a word that the machine does not execute. */
  static String instruction(int word, int funct3) {
    int rs2 = word >>> 20 & 31;
    boolean nearest = funct3 == 0 || funct3 == 7;
    switch (word >>> 25) {
      case 0x00:
        return arithmetic("fadd.s", word, nearest);
      case 0x04:
        return arithmetic("fsub.s", word, nearest);
      case 0x08:
        return arithmetic("fmul.s", word, nearest);
      case 0x0c:
        return arithmetic("fdiv.s", word, nearest);
      case 0x2c:
        return unary("fsqrt.s", word, nearest && rs2 == 0);
      case 0x10:
        return compare(SIGN, word, funct3);
      case 0x14:
        return compare(EXTREME, word, funct3);
      case 0x50:
        return compare(COMPARE, word, funct3);
      case 0x70:
        boolean legal = funct3 == 1 && rs2 == 0;
        return legal ? Disassembler.named("fclass.s", Disassembler.two(word)) : null;
      case 0x20:
        return unary("fcvt.s.h", word, nearest && rs2 == 2);
      case 0x22:
        return unary("fcvt.h.s", word, nearest && rs2 == 0);
      case 0x60:
        boolean known = rs2 < 4 && (nearest || funct3 == 1);
        return known ? unary("fcvt." + INTEGER[rs2] + ".s", word, true) : null;
      case 0x68:
        return rs2 < 4 ? unary("fcvt.s." + INTEGER[rs2], word, nearest) : null;
      default:
        return null;
    }
  }

  private static String arithmetic(String name, int word, boolean legal) {
    String operands = Disassembler.two(word) + ", " + Disassembler.rs2(word);
    return legal ? name + " " + operands + rounding(word) : null;
  }

  private static String unary(String name, int word, boolean legal) {
    return legal ? name + " " + Disassembler.two(word) + rounding(word) : null;
  }

  private static String compare(String[] names, int word, int funct3) {
    if (funct3 >= names.length) {
      return null;
    }
    return names[funct3] + " " + Disassembler.two(word) + ", " + Disassembler.rs2(word);
  }

  private static String rounding(int word) {
    int mode = word >>> 12 & 7;
    return mode == 0 ? ", rne" : mode == 1 ? ", rtz" : "";
  }
}
