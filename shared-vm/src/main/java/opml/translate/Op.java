package opml.translate;

import static opml.translate.Op.Format.BRANCH;
import static opml.translate.Op.Format.I;
import static opml.translate.Op.Format.LOAD;
import static opml.translate.Op.Format.PSEUDO;
import static opml.translate.Op.Format.R;
import static opml.translate.Op.Format.SHIFT;
import static opml.translate.Op.Format.STORE;
import static opml.translate.Op.Format.UNARY;

/**
 * Operations of the intermediate code: machine instructions with their fixed bits, and a few pseudo
 * operations.
 */
enum Op {
  ADD(R, 0x33, 0, 0),
  SUB(R, 0x33, 0, 0x20),
  SLL(R, 0x33, 1, 0),
  SLT(R, 0x33, 2, 0),
  SLTU(R, 0x33, 3, 0),
  XOR(R, 0x33, 4, 0),
  SRL(R, 0x33, 5, 0),
  SRA(R, 0x33, 5, 0x20),
  OR(R, 0x33, 6, 0),
  AND(R, 0x33, 7, 0),
  MUL(R, 0x33, 0, 1),
  MULH(R, 0x33, 1, 1),
  DIV(R, 0x33, 4, 1),
  REM(R, 0x33, 6, 1),
  ADDW(R, 0x3b, 0, 0),
  SUBW(R, 0x3b, 0, 0x20),
  SLLW(R, 0x3b, 1, 0),
  SRLW(R, 0x3b, 5, 0),
  SRAW(R, 0x3b, 5, 0x20),
  MULW(R, 0x3b, 0, 1),
  DIVW(R, 0x3b, 4, 1),
  REMW(R, 0x3b, 6, 1),
  FADD(R, 0x53, 0, 0x00),
  FSUB(R, 0x53, 0, 0x04),
  FMUL(R, 0x53, 0, 0x08),
  FDIV(R, 0x53, 0, 0x0c),
  FSGNJN(R, 0x53, 1, 0x10),
  FMIN(R, 0x53, 0, 0x14),
  FLE(R, 0x53, 0, 0x50),
  FLT(R, 0x53, 1, 0x50),
  FEQ(R, 0x53, 2, 0x50),
  FSQRT(UNARY, 0x53, 0, 0x2c << 5),
  FCVT_S_W(UNARY, 0x53, 0, 0x68 << 5),
  FCVT_S_L(UNARY, 0x53, 0, 0x68 << 5 | 2),
  FCVT_S_H(UNARY, 0x53, 0, 0x20 << 5 | 2),
  ADDI(I, 0x13, 0, 0),
  SLTI(I, 0x13, 2, 0),
  SLTIU(I, 0x13, 3, 0),
  XORI(I, 0x13, 4, 0),
  ORI(I, 0x13, 6, 0),
  ANDI(I, 0x13, 7, 0),
  ADDIW(I, 0x1b, 0, 0),
  SLLI(SHIFT, 0x13, 1, 0),
  SRLI(SHIFT, 0x13, 5, 0),
  SRAI(SHIFT, 0x13, 5, 0x20),
  SLLIW(SHIFT, 0x1b, 1, 0),
  SRLIW(SHIFT, 0x1b, 5, 0),
  SRAIW(SHIFT, 0x1b, 5, 0x20),
  LB(LOAD, 0x03, 0, 0),
  LH(LOAD, 0x03, 1, 0),
  LW(LOAD, 0x03, 2, 0),
  LD(LOAD, 0x03, 3, 0),
  LBU(LOAD, 0x03, 4, 0),
  LHU(LOAD, 0x03, 5, 0),
  VLOAD(LOAD, 0x0b, 0, 0),
  VLOAD4(LOAD, 0x0b, 1, 0),
  DOTL(LOAD, 0x0b, 2, 0),
  DOTH(LOAD, 0x0b, 3, 0),
  SB(STORE, 0x23, 0, 0),
  SH(STORE, 0x23, 1, 0),
  SW(STORE, 0x23, 2, 0),
  SD(STORE, 0x23, 3, 0),
  BEQ(BRANCH, 0x63, 0, 0),
  BNE(BRANCH, 0x63, 1, 0),
  BLT(BRANCH, 0x63, 4, 0),
  BGE(BRANCH, 0x63, 5, 0),
  BLTU(BRANCH, 0x63, 6, 0),
  BGEU(BRANCH, 0x63, 7, 0),
  /** dst = imm, one to eight instructions. */
  LI,
  /** dst = a. */
  MOVE,
  /** dst = a, a NaN becomes 7fc00000; no code where the source cannot be another NaN. */
  CANON,
  /** Calls `callee`; arguments are in x10 and following, the result in x10. */
  CALL,
  /** Returns to the address in a; b is the result register or -1. */
  RETURN,
  /** dst = scratch slot imm. */
  RELOAD,
  /** scratch slot imm = a. */
  SPILL,
  /** No code: the loop around it makes at most imm iterations each time it is entered. */
  LOOP_BOUND,
  /** No code: the loop body around it runs at most imm times in one operator. */
  TOTAL_BOUND;

  enum Format {
    R,
    UNARY,
    I,
    SHIFT,
    LOAD,
    STORE,
    BRANCH,
    PSEUDO
  }

  final Format format;
  final int opcode;
  final int funct3;
  final int funct7;

  Op() {
    this(PSEUDO, 0, 0, 0);
  }

  Op(Format format, int opcode, int funct3, int funct7) {
    this.format = format;
    this.opcode = opcode;
    this.funct3 = funct3;
    this.funct7 = funct7;
  }

  /**
   * Whether the only effect is the value of dst, so that a dead result may be dropped (a load may
   * fault).
   */
  boolean pure() {
    return switch (format) {
      case R, UNARY, I, SHIFT -> true;
      case PSEUDO -> this == LI || this == MOVE || this == CANON || this == RELOAD;
      case LOAD, STORE, BRANCH -> false;
    };
  }

  /** Whether the result is a float whose only NaN is 7fc00000. */
  boolean canonical() {
    return switch (this) {
      case FADD, FSUB, FMUL, FDIV, FMIN, FSQRT, FCVT_S_W, FCVT_S_L, FCVT_S_H, CANON -> true;
      default -> false;
    };
  }

  /** The opposite branch. */
  Op inverse() {
    return switch (this) {
      case BEQ -> BNE;
      case BNE -> BEQ;
      case BLT -> BGE;
      case BGE -> BLT;
      case BLTU -> BGEU;
      case BGEU -> BLTU;
      default -> throw new IllegalStateException(name());
    };
  }
}
