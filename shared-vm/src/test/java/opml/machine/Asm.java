package opml.machine;

/** Encodes instruction words, field by field. */
final class Asm {
  private Asm() {}

  static int r(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
  }

  static int i(int opcode, int funct3, int rd, int rs1, int imm) {
    return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
  }

  static int s(int funct3, int rs1, int rs2, int imm) {
    return imm >> 5 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 31) << 7 | 0x23;
  }

  static int b(int funct3, int rs1, int rs2, int offset) {
    int high = (offset >> 12 & 1) << 31 | (offset >> 5 & 63) << 25;
    int low = (offset >> 1 & 15) << 8 | (offset >> 11 & 1) << 7;
    return high | rs2 << 20 | rs1 << 15 | funct3 << 12 | low | 0x63;
  }

  static int u(int opcode, int rd, int upper) {
    return upper << 12 | rd << 7 | opcode;
  }

  static int jal(int rd, int offset) {
    int high = (offset >> 20 & 1) << 31 | (offset >> 1 & 1023) << 21;
    int low = (offset >> 11 & 1) << 20 | (offset >> 12 & 255) << 12;
    return high | low | rd << 7 | 0x6f;
  }

  static int addi(int rd, int rs1, int imm) {
    return i(0x13, 0, rd, rs1, imm);
  }

  static int ecall() {
    return 0x73;
  }
}
