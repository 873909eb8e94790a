package opml.assembly;

/**
 * One instruction word as text: the names and operand order of the RISC-V manual without
 * pseudo-instructions, jump targets as addresses, a rounding mode only where it is not the dynamic
 * one. A word that the machine does not execute is {@code .word}.
 */
public final class Disassembler {
  private static final String[] BRANCH = {"beq", "bne", null, null, "blt", "bge", "bltu", "bgeu"};
  private static final String[] LOAD = {"lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", null};
  private static final String[] STORE = {"sb", "sh", "sw", "sd", null, null, null, null};
  private static final String[] IMMEDIATE = {
    "addi", "slli", "slti", "sltiu", "xori", "srli", "ori", "andi"
  };
  private static final String[] REGISTER = {"add", "sll", "slt", "sltu", "xor", "srl", "or", "and"};
  private static final String[] MULTIPLY = {
    "mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"
  };
  private static final String[] REGISTER_W = {"addw", "sllw", null, null, null, "srlw", null, null};
  private static final String[] MULTIPLY_W = {
    "mulw", null, null, null, "divw", "divuw", "remw", "remuw"
  };
  private static final String[] VECTOR = {"vload", "vload4", "dotl", "doth"};

  private Disassembler() {}

  /** Text of {@code word} fetched at {@code pc}. */
  public static String text(int word, long pc) {
    String text = instruction(word, pc);
    return text == null ? ".word " + hex(word & 0xffffffffL) : text;
  }

  private static String instruction(int word, long pc) {
    int funct3 = word >>> 12 & 7;
    switch (word & 127) {
      case 0x37:
        return "lui " + rd(word) + ", " + hex(word >>> 12);
      case 0x17:
        return "auipc " + rd(word) + ", " + hex(word >>> 12);
      case 0x6f:
        return "jal " + rd(word) + ", " + hex(pc + jumpOffset(word));
      case 0x67:
        return funct3 == 0 ? "jalr " + rd(word) + ", " + memory(word, word >> 20) : null;
      case 0x63:
        String target = rs1(word) + ", " + rs2(word) + ", " + hex(pc + branchOffset(word));
        return named(BRANCH[funct3], target);
      case 0x03:
        return named(LOAD[funct3], rd(word) + ", " + memory(word, word >> 20));
      case 0x23:
        int offset = word >> 25 << 5 | word >>> 7 & 31;
        return named(STORE[funct3], rs2(word) + ", " + memory(word, offset));
      case 0x0b:
        return vector(word, funct3);
      case 0x13:
        return immediate(word, funct3);
      case 0x1b:
        return immediate32(word, funct3);
      case 0x33:
        return register(word, funct3, REGISTER, MULTIPLY, "sub", "sra");
      case 0x3b:
        return register(word, funct3, REGISTER_W, MULTIPLY_W, "subw", "sraw");
      case 0x53:
        return Floats.instruction(word, funct3);
      case 0x0f:
        return funct3 == 0 ? "fence" : funct3 == 1 ? "fence.i" : null;
      default:
        return word == 0x73 ? "ecall" : null;
    }
  }

  private static String vector(int word, int funct3) {
    if (funct3 > 3 || funct3 < 2 && (word >>> 7 & 31) != 0) {
      return null;
    }
    String address = memory(word, word >> 20);
    return VECTOR[funct3] + " " + (funct3 < 2 ? address : rd(word) + ", " + address);
  }

  private static String immediate(int word, int funct3) {
    int kind = word >>> 26;
    if ((funct3 & 3) != 1) {
      return IMMEDIATE[funct3] + " " + two(word) + ", " + (word >> 20);
    }
    String name = kind == 0 ? IMMEDIATE[funct3] : kind == 16 && funct3 == 5 ? "srai" : null;
    return named(name, two(word) + ", " + (word >>> 20 & 63));
  }

  private static String immediate32(int word, int funct3) {
    int kind = word >>> 25;
    if (funct3 == 0) {
      return "addiw " + two(word) + ", " + (word >> 20);
    }
    String name = null;
    if (kind == 0) {
      name = funct3 == 1 ? "slliw" : funct3 == 5 ? "srliw" : null;
    } else if (kind == 32 && funct3 == 5) {
      name = "sraiw";
    }
    return named(name, two(word) + ", " + (word >>> 20 & 31));
  }

  private static String register(
      int word, int funct3, String[] plain, String[] multiply, String minus, String arithmetic) {
    String name = null;
    switch (word >>> 25) {
      case 0:
        name = plain[funct3];
        break;
      case 1:
        name = multiply[funct3];
        break;
      case 32:
        name = funct3 == 0 ? minus : funct3 == 5 ? arithmetic : null;
        break;
      default:
        break;
    }
    return named(name, two(word) + ", " + rs2(word));
  }

  private static int jumpOffset(int word) {
    int high = word >> 31 << 20 | word & 0xff000;
    return high | (word >>> 20 & 1) << 11 | (word >>> 21 & 1023) << 1;
  }

  private static int branchOffset(int word) {
    int high = word >> 31 << 12 | (word >>> 7 & 1) << 11;
    return high | (word >>> 25 & 63) << 5 | (word >>> 8 & 15) << 1;
  }

  static String named(String name, String operands) {
    return name == null ? null : name + " " + operands;
  }

  /** {@code rd, rs1}. */
  static String two(int word) {
    return rd(word) + ", " + rs1(word);
  }

  static String rs2(int word) {
    return Registers.name(word >>> 20 & 31);
  }

  private static String rd(int word) {
    return Registers.name(word >>> 7 & 31);
  }

  private static String rs1(int word) {
    return Registers.name(word >>> 15 & 31);
  }

  private static String memory(int word, int offset) {
    return offset + "(" + rs1(word) + ")";
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
