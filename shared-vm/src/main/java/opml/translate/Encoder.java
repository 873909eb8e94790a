package opml.translate;

import java.util.ArrayList;
import java.util.List;

/** Bits of machine instructions. Rounding mode fields are 000, nearest even. */
final class Encoder {
  private static final int LUI = 0x37;
  private static final int JAL = 0x6f;
  private static final int JALR = 0x67;
  static final int ECALL = 0x73;

  private Encoder() {}

  /** One machine instruction other than a branch or a jump. */
  static int word(Instr instr) {
    return word(instr.op, instr.dst, instr.a, instr.b, (int) instr.imm);
  }

  static int word(Op op, int dst, int a, int b, int imm) {
    int base = op.opcode | op.funct3 << 12;
    return switch (op.format) {
      case R -> base | dst << 7 | a << 15 | b << 20 | op.funct7 << 25;
      case UNARY -> base | dst << 7 | a << 15 | op.funct7 << 20;
      case I, LOAD -> base | dst << 7 | a << 15 | twelve(imm) << 20;
      case SHIFT -> base | dst << 7 | a << 15 | imm << 20 | op.funct7 << 25;
      case STORE -> base | (twelve(imm) & 31) << 7 | a << 15 | b << 20 | twelve(imm) >> 5 << 25;
      case BRANCH -> base | a << 15 | b << 20 | branch(imm);
      case PSEUDO -> throw new IllegalStateException("not a machine instruction: " + op);
    };
  }

  private static int twelve(int imm) {
    if (!Code.fits(imm)) {
      throw new IllegalStateException("immediate " + imm);
    }
    return imm & 0xfff;
  }

  static boolean branches(int distance) {
    return distance >= -4096 && distance < 4096;
  }

  private static int branch(int distance) {
    if (!branches(distance)) {
      throw new IllegalStateException("branch over " + distance + " bytes");
    }
    return (distance >> 12 & 1) << 31
        | (distance >> 5 & 63) << 25
        | (distance >> 1 & 15) << 8
        | (distance >> 11 & 1) << 7;
  }

  static int jump(int link, int distance) {
    if (distance < -(1 << 20) || distance >= 1 << 20) {
      throw new IllegalStateException("jump over " + distance + " bytes");
    }
    return JAL
        | link << 7
        | (distance >> 20 & 1) << 31
        | (distance >> 1 & 1023) << 21
        | (distance >> 11 & 1) << 20
        | (distance >> 12 & 255) << 12;
  }

  static int jumpTo(int register) {
    return JALR | register << 15;
  }

  /** The shortest usual sequence that loads a constant. */
  static List<Integer> constant(int dst, long value) {
    List<Integer> words = new ArrayList<>();
    constant(words, dst, value);
    return words;
  }

  private static void constant(List<Integer> words, int dst, long value) {
    int low = (int) (value << 52 >> 52);
    if (value == (int) value) {
      int high = (int) (value - low >> 12) & 0xfffff;
      if (high == 0) {
        words.add(word(Op.ADDI, dst, 0, 0, low));
        return;
      }
      words.add(LUI | dst << 7 | high << 12);
      if (low != 0) {
        words.add(word(Op.ADDIW, dst, dst, 0, low));
      }
      return;
    }
    long high = value - low;
    int shift = Long.numberOfTrailingZeros(high);
    constant(words, dst, high >> shift);
    words.add(word(Op.SLLI, dst, dst, 0, shift));
    if (low != 0) {
      words.add(word(Op.ADDI, dst, dst, 0, low));
    }
  }
}
