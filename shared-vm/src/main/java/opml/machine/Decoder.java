package opml.machine;

/**
 * Decodes a word to {@code op:8 | rd:6 | rs1:6 | rs2:6 | - | imm:32}, lowest bits first. rd = 0
 * becomes 32, a register that nobody reads. Branch offsets are in words from the next instruction.
 */
final class Decoder {
  private static final int[] BRANCH = {Op.BEQ, Op.BNE, 0, 0, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU};
  private static final int[] WIDE = {
    Op.MUL, Op.MULH, Op.MULHSU, Op.MULHU, Op.DIV, Op.DIVU, Op.REM, Op.REMU
  };
  private static final int[] WORD = {Op.MULW, 0, 0, 0, Op.DIVW, Op.DIVUW, Op.REMW, Op.REMUW};
  private static final int[] BASE = {
    Op.ADD, Op.SLL, Op.SLT, Op.SLTU, Op.XOR, Op.SRL, Op.OR, Op.AND
  };
  private static final int[] IMMEDIATE = {
    Op.ADDI, Op.SLLI, Op.SLTI, Op.SLTIU, Op.XORI, Op.SRLI, Op.ORI, Op.ANDI
  };

  private Decoder() {}

  static long decode(int word) {
    int funct3 = word >>> 12 & 7;
    switch (word & 127) {
      case 0x37:
        return pack(Op.LUI, word, word & 0xfffff000);
      case 0x17:
        return pack(Op.AUIPC, word, word & 0xfffff000);
      case 0x6f:
        return jump(Op.JAL, word, jumpOffset(word));
      case 0x67:
        return pack(funct3 == 0 ? Op.JALR : 0, word, word >> 20);
      case 0x63:
        return jump(BRANCH[funct3], word, branchOffset(word));
      case 0x03:
        return pack(funct3 == 7 ? 0 : Op.LB + funct3, word, word >> 20);
      case 0x23:
        return pack(funct3 > 3 ? 0 : Op.SB + funct3, word, word >> 25 << 5 | word >>> 7 & 31);
      case 0x0b:
        return vector(word, funct3);
      case 0x13:
        return immediate(word, funct3);
      case 0x1b:
        return immediate32(word, funct3);
      case 0x33:
        return pack(register(word >>> 25, funct3), word, 0);
      case 0x3b:
        return pack(register32(word >>> 25, funct3), word, 0);
      case 0x53:
        return FloatDecoder.decode(word);
      case 0x0f:
        return pack(funct3 < 2 ? Op.NOP : 0, word, 0);
      default:
        return pack(word == 0x73 ? Op.ECALL : 0, word, 0);
    }
  }

  /** op 0 stands for an illegal word, which keeps its bits for the message. */
  static long pack(int op, int word, int imm) {
    if (op == 0) {
      return Op.ILLEGAL | (long) word << 32;
    }
    int rd = word >>> 7 & 31;
    int fields =
        op | (rd == 0 ? 32 : rd) << 8 | (word >>> 15 & 31) << 14 | (word >>> 20 & 31) << 20;
    return fields | (long) imm << 32;
  }

  private static long jump(int op, int word, int offset) {
    if (op != 0 && (offset & 3) != 0) {
      return pack(Op.ODD, word, word);
    }
    return pack(op, word, (offset >> 2) - 1);
  }

  static int jumpOffset(int word) {
    int high = word >> 31 << 20 | word & 0xff000;
    return high | (word >>> 20 & 1) << 11 | (word >>> 21 & 1023) << 1;
  }

  static int branchOffset(int word) {
    int high = word >> 31 << 12 | (word >>> 7 & 1) << 11;
    return high | (word >>> 25 & 63) << 5 | (word >>> 8 & 15) << 1;
  }

  private static long vector(int word, int funct3) {
    boolean legal = funct3 < 4 && (funct3 > 1 || (word >>> 7 & 31) == 0);
    return pack(legal ? Op.VLOAD + funct3 : 0, word, word >> 20);
  }

  private static long immediate(int word, int funct3) {
    int funct6 = word >>> 26;
    boolean shift = (funct3 & 3) == 1;
    int imm = shift ? word >>> 20 & 63 : word >> 20;
    if (!shift || funct6 == 0) {
      return pack(IMMEDIATE[funct3], word, imm);
    }
    return pack(funct3 == 5 && funct6 == 16 ? Op.SRAI : 0, word, imm);
  }

  private static long immediate32(int word, int funct3) {
    int funct7 = word >>> 25;
    int shift = word >>> 20 & 31;
    if (funct3 == 0) {
      return pack(Op.ADDIW, word, word >> 20);
    }
    if (funct3 == 1) {
      return pack(funct7 == 0 ? Op.SLLIW : 0, word, shift);
    }
    boolean right = funct3 == 5 && (funct7 == 0 || funct7 == 32);
    return pack(right ? funct7 == 0 ? Op.SRLIW : Op.SRAIW : 0, word, shift);
  }

  private static int register(int funct7, int funct3) {
    if (funct7 == 0) {
      return BASE[funct3];
    }
    if (funct7 == 1) {
      return WIDE[funct3];
    }
    boolean alternative = funct7 == 32 && (funct3 == 0 || funct3 == 5);
    return alternative ? funct3 == 0 ? Op.SUB : Op.SRA : 0;
  }

  private static int register32(int funct7, int funct3) {
    if (funct7 == 1) {
      return WORD[funct3];
    }
    switch (funct7 << 3 | funct3) {
      case 0:
        return Op.ADDW;
      case 1:
        return Op.SLLW;
      case 5:
        return Op.SRLW;
      case 256:
        return Op.SUBW;
      case 261:
        return Op.SRAW;
      default:
        return 0;
    }
  }
}
