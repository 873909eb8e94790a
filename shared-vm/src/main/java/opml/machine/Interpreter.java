package opml.machine;

/**
 * Registers and the instruction loop. Integers are those of the manual; x[32] takes what is written
 * to x0. The loop leaves a page only at its end or by a jump; everything that cannot go on sets
 * {@link #status} and {@link #reason}.
 */
final class Interpreter {
  static final int RUNNING = 0;
  static final int YIELDED = 1;
  static final int EXITED = 2;
  static final int FAULTED = 3;

  final long[] x = new long[64];
  final int[] v = new int[32];
  final AddressSpace space;
  long pc;
  int status;
  String reason = "";

  Interpreter(AddressSpace space) {
    this.space = space;
  }

  /** Executes at most {@code max} instructions; returns how many. */
  long run(long max) {
    long left = max;
    while (left > 0 && status == RUNNING) {
      long[] code = space.code(pc);
      if (code == null) {
        fault("fetch at", pc);
        return max - left + 1;
      }
      left = page(code, pc & ~4095L, left);
    }
    return max - left;
  }

  /** Runs inside one page until it is left, the budget is used up or the machine stops. */
  private long page(long[] code, long base, long budget) {
    final long[] x = this.x;
    final long[] readTags = space.readTags;
    final int[][] readPages = space.readPages;
    final long[] writeTags = space.writeTags;
    final int[][] writePages = space.writePages;
    long left = budget;
    int ip = (int) (pc - base) >>> 2;
    while (left > 0) {
      final long d = code[ip++];
      final int m = (int) d;
      final long a = x[m >>> 14 & 63];
      final long b = x[m >>> 20 & 63];
      final int rd = m >>> 8 & 63;
      final long imm = d >> 32;
      switch (m & 255) {
        case Op.DECODE:
          long at = base + ((long) (ip - 1) << 2);
          if (!space.inside(at, 2)) {
            pc = at;
            fault("fetch at", at);
            return left - 1;
          }
          code[--ip] = Decoder.decode(space.word(at));
          continue;
        case Op.LUI:
          x[rd] = imm;
          break;
        case Op.AUIPC:
          x[rd] = base + ((long) (ip - 1) << 2) + imm;
          break;
        case Op.JAL:
          x[rd] = base + ((long) ip << 2);
          ip += (int) imm;
          break;
        case Op.JALR:
          {
            long target = a + imm & ~1L;
            x[rd] = base + ((long) ip << 2);
            if ((target & ~0xffcL) != base) {
              return leave(target, left);
            }
            ip = (int) (target - base) >>> 2;
            break;
          }
        case Op.BEQ:
          if (a == b) {
            ip += (int) imm;
          }
          break;
        case Op.BNE:
          if (a != b) {
            ip += (int) imm;
          }
          break;
        case Op.BLT:
          if (a < b) {
            ip += (int) imm;
          }
          break;
        case Op.BGE:
          if (a >= b) {
            ip += (int) imm;
          }
          break;
        case Op.BLTU:
          if (a + Long.MIN_VALUE < b + Long.MIN_VALUE) {
            ip += (int) imm;
          }
          break;
        case Op.BGEU:
          if (a + Long.MIN_VALUE >= b + Long.MIN_VALUE) {
            ip += (int) imm;
          }
          break;
        case Op.LB:
        case Op.LBU:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = readTags[slot] == (ea & ~4095L) ? readPages[slot] : space.readMiss(ea, 0);
            if (p == null) {
              return bad("load at", base, ip, ea, left);
            }
            int w = p[(int) (ea >>> 2) & 1023] >>> (((int) ea & 3) << 3);
            x[rd] = (m & 255) == Op.LB ? (byte) w : w & 255;
            break;
          }
        case Op.LH:
        case Op.LHU:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = readTags[slot] == (ea & ~0xffeL) ? readPages[slot] : space.readMiss(ea, 1);
            if (p == null) {
              return bad("load at", base, ip, ea, left);
            }
            int w = p[(int) (ea >>> 2) & 1023] >>> (((int) ea & 2) << 3);
            x[rd] = (m & 255) == Op.LH ? (short) w : w & 65535;
            break;
          }
        case Op.LW:
        case Op.LWU:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = readTags[slot] == (ea & ~0xffcL) ? readPages[slot] : space.readMiss(ea, 2);
            if (p == null) {
              return bad("load at", base, ip, ea, left);
            }
            int w = p[(int) (ea >>> 2) & 1023];
            x[rd] = (m & 255) == Op.LW ? w : w & 0xffffffffL;
            break;
          }
        case Op.LD:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = readTags[slot] == (ea & ~0xff8L) ? readPages[slot] : space.readMiss(ea, 3);
            if (p == null) {
              return bad("load at", base, ip, ea, left);
            }
            int i = (int) (ea >>> 2) & 1022;
            x[rd] = p[i] & 0xffffffffL | (long) p[i + 1] << 32;
            break;
          }
        case Op.SB:
        case Op.SH:
          {
            long ea = a + imm;
            int shift = (m & 255) - Op.SB;
            int slot = (int) (ea >>> 12) & 255;
            int[] p =
                writeTags[slot] == (ea & ~(4095L - shift))
                    ? writePages[slot]
                    : space.writeMiss(ea, shift);
            if (p == null) {
              return bad("store at", base, ip, ea, left);
            }
            int i = (int) (ea >>> 2) & 1023;
            int mask = (shift == 0 ? 255 : 65535) << (((int) ea & 3) << 3);
            p[i] = p[i] & ~mask | (int) b << (((int) ea & 3) << 3) & mask;
            break;
          }
        case Op.SW:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = writeTags[slot] == (ea & ~0xffcL) ? writePages[slot] : space.writeMiss(ea, 2);
            if (p == null) {
              return bad("store at", base, ip, ea, left);
            }
            p[(int) (ea >>> 2) & 1023] = (int) b;
            break;
          }
        case Op.SD:
          {
            long ea = a + imm;
            int slot = (int) (ea >>> 12) & 255;
            int[] p = writeTags[slot] == (ea & ~0xff8L) ? writePages[slot] : space.writeMiss(ea, 3);
            if (p == null) {
              return bad("store at", base, ip, ea, left);
            }
            int i = (int) (ea >>> 2) & 1022;
            p[i] = (int) b;
            p[i + 1] = (int) (b >>> 32);
            break;
          }
        case Op.ADDI:
          x[rd] = a + imm;
          break;
        case Op.SLLI:
          x[rd] = a << imm;
          break;
        case Op.SLTI:
          x[rd] = a < imm ? 1 : 0;
          break;
        case Op.SLTIU:
          x[rd] = a + Long.MIN_VALUE < imm + Long.MIN_VALUE ? 1 : 0;
          break;
        case Op.XORI:
          x[rd] = a ^ imm;
          break;
        case Op.SRLI:
          x[rd] = a >>> imm;
          break;
        case Op.ORI:
          x[rd] = a | imm;
          break;
        case Op.ANDI:
          x[rd] = a & imm;
          break;
        case Op.SRAI:
          x[rd] = a >> imm;
          break;
        case Op.ADDIW:
          x[rd] = (int) (a + imm);
          break;
        case Op.SLLIW:
          x[rd] = (int) a << imm;
          break;
        case Op.SRLIW:
          x[rd] = (int) a >>> imm;
          break;
        case Op.SRAIW:
          x[rd] = (int) a >> imm;
          break;
        case Op.ADD:
          x[rd] = a + b;
          break;
        case Op.SLL:
          x[rd] = a << b;
          break;
        case Op.SLT:
          x[rd] = a < b ? 1 : 0;
          break;
        case Op.SLTU:
          x[rd] = a + Long.MIN_VALUE < b + Long.MIN_VALUE ? 1 : 0;
          break;
        case Op.XOR:
          x[rd] = a ^ b;
          break;
        case Op.SRL:
          x[rd] = a >>> b;
          break;
        case Op.OR:
          x[rd] = a | b;
          break;
        case Op.AND:
          x[rd] = a & b;
          break;
        case Op.SUB:
          x[rd] = a - b;
          break;
        case Op.SRA:
          x[rd] = a >> b;
          break;
        case Op.ADDW:
          x[rd] = (int) (a + b);
          break;
        case Op.SUBW:
          x[rd] = (int) (a - b);
          break;
        case Op.SLLW:
          x[rd] = (int) a << b;
          break;
        case Op.SRLW:
          x[rd] = (int) a >>> b;
          break;
        case Op.SRAW:
          x[rd] = (int) a >> b;
          break;
        case Op.MUL:
          x[rd] = a * b;
          break;
        case Op.MULW:
          x[rd] = (int) (a * b);
          break;
        case Op.FADD:
          x[rd] = Floats.add((int) a, (int) b);
          break;
        case Op.FSUB:
          x[rd] = Floats.sub((int) a, (int) b);
          break;
        case Op.FMUL:
          x[rd] = Floats.mul((int) a, (int) b);
          break;
        case Op.NOP:
          break;
        case Op.VLOAD:
        case Op.VLOAD4:
        case Op.DOTL:
        case Op.DOTH:
          {
            long ea = a + imm;
            int low = (m & 255) == Op.VLOAD4 ? 15 : 31;
            int slot = (int) (ea >>> 12) & 255;
            int[] p =
                readTags[slot] == (ea & ~(4095L - low))
                    ? readPages[slot]
                    : space.readMiss(ea, low == 15 ? 4 : 5);
            if (p == null) {
              return bad("load at", base, ip, ea, left);
            }
            int i = (int) (ea >>> 2) & 1020;
            if ((m & 255) >= Op.DOTL) {
              x[rd] = Vector.dot(v, (m & 1) == 0 ? 0 : 16, p, i);
            } else {
              Vector.load(v, p, i, (m & 255) == Op.VLOAD4);
            }
            break;
          }
        case Op.ODD:
          odd((int) imm, base + ((long) (ip - 1) << 2), a, b);
          return left - 1;
        case Op.ECALL:
          environment(base + ((long) (ip - 1) << 2));
          return left - 1;
        case Op.ILLEGAL:
          pc = base + ((long) (ip - 1) << 2);
          fault("illegal instruction 0x" + Integer.toHexString((int) imm) + " at", pc);
          return left - 1;
        default:
          x[rd] = Rare.compute(m & 255, (int) imm, a, b);
          break;
      }
      left--;
      if ((ip & ~1023) != 0) {
        pc = base + ((long) ip << 2);
        return left;
      }
    }
    pc = base + ((long) ip << 2);
    return left;
  }

  private long leave(long target, long left) {
    pc = target;
    return left - 1;
  }

  private long bad(String what, long base, int ip, long address, long left) {
    pc = base + ((long) (ip - 1) << 2);
    fault(what, address);
    return left - 1;
  }

  private void fault(String what, long address) {
    status = FAULTED;
    reason = what + " 0x" + Long.toHexString(address);
  }

  private void environment(long at) {
    pc = at;
    if (x[17] == 0) {
      status = YIELDED;
    } else if (x[17] == 1) {
      status = EXITED;
    } else {
      fault("ecall " + x[17] + " at", at);
    }
  }

  /** A jump or branch whose target is not a multiple of 4: the fetch there will fault. */
  private void odd(int word, long at, long a, long b) {
    if ((word & 127) == 0x6f) {
      int rd = word >>> 7 & 31;
      x[rd == 0 ? 32 : rd] = at + 4;
      pc = at + Decoder.jumpOffset(word);
      return;
    }
    boolean taken;
    switch (word >>> 12 & 6) {
      case 0:
        taken = a == b;
        break;
      case 4:
        taken = a < b;
        break;
      default:
        taken = a + Long.MIN_VALUE < b + Long.MIN_VALUE;
        break;
    }
    boolean inverted = (word >>> 12 & 1) == 1;
    pc = taken != inverted ? at + Decoder.branchOffset(word) : at + 4;
  }
}
