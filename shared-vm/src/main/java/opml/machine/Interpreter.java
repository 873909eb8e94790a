package opml.machine;

/**
 * Registers and the instruction loop. Integers are those of the manual; x[32] takes what is written
 * to x0. Instructions are counted by straight runs, from one jump to the next, so that the inner
 * loop has one condition for the budget and the end of the page. Whatever cannot go on sets {@link
 * #status} and {@link #reason}. Registers, V, pc and memory are public for {@link HostCode}.
 */
public final class Interpreter {
  static final int RUNNING = 0;
  static final int YIELDED = 1;
  static final int EXITED = 2;
  static final int FAULTED = 3;

  /** Budgets below this many instructions are not worth entering translated code. */
  private static final int WORTH = 256;

  public final long[] x = new long[64];
  public final int[] v = new int[32];
  public final AddressSpace space;
  public long pc;
  int status;
  String reason = "";
  Translation translation; // null: none

  Interpreter(AddressSpace space) {
    this.space = space;
  }

  /** Executes at most {@code max} instructions; returns how many. */
  long run(long max) {
    long done = 0;
    while (done < max && status == RUNNING) {
      int chunk = (int) Math.min(max - done, 1 << 24);
      boolean plain = translation == null || chunk < WORTH;
      done += chunk - (plain ? chunk(chunk) : translated(chunk));
    }
    return done;
  }

  /** Runs translated code as far as that goes and interprets the instruction where it left. */
  private int translated(int budget) {
    int left = translation.run(this, budget);
    return left > 0 ? left - 1 + chunk(1) : 0;
  }

  /** Runs until the budget is used up or the machine stops; returns what is left of the budget. */
  private int chunk(int budget) {
    // allocated here, so that the compiler knows the length and drops the bounds checks
    final long[] x = new long[64];
    System.arraycopy(this.x, 0, x, 0, 64);
    final long[] readTags = space.readTags;
    final int[][] readPages = space.readPages;
    final long[] writeTags = space.writeTags;
    final int[][] writePages = space.writePages;
    int left = budget;
    long pc = this.pc;
    machine:
    while (left > 0) {
      final long[] code = space.code(pc);
      if (code == null) {
        fault("fetch at", pc);
        left--;
        break;
      }
      final long base = pc & ~4095L;
      int ip = (int) (pc - base) >>> 2;
      block:
      while ((ip & ~1023) == 0) {
        final int start = ip;
        final int limit = Math.min(1024, ip + left);
        while (ip < limit) {
          final long d = code[ip++];
          final int m = (int) d;
          final int rd = m >>> 8 & 63;
          final long imm = d >> 32;
          switch (m & 255) {
            case Op.DECODE:
              long at = base + ((long) (ip - 1) << 2);
              if (!space.inside(at, 2)) {
                pc = at;
                fault("fetch at", at);
                left -= ip - start;
                break machine;
              }
              code[--ip] = Decoder.decode(space.word(at));
              left -= ip - start;
              continue block;
            case Op.LUI:
              x[rd] = imm;
              break;
            case Op.AUIPC:
              x[rd] = base + ((long) (ip - 1) << 2) + imm;
              break;
            case Op.JAL:
              x[rd] = base + ((long) ip << 2);
              left -= ip - start;
              ip += (int) imm;
              continue block;
            case Op.JALR:
              {
                long target = x[m >>> 14 & 63] + imm & ~1L;
                x[rd] = base + ((long) ip << 2);
                if ((target & ~0xffcL) != base) {
                  pc = target;
                  left -= ip - start;
                  continue machine;
                }
                left -= ip - start;
                ip = (int) (target - base) >>> 2;
                continue block;
              }
            case Op.BEQ:
              if (x[m >>> 14 & 63] == x[m >>> 20 & 63]) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.BNE:
              if (x[m >>> 14 & 63] != x[m >>> 20 & 63]) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.BLT:
              if (x[m >>> 14 & 63] < x[m >>> 20 & 63]) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.BGE:
              if (x[m >>> 14 & 63] >= x[m >>> 20 & 63]) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.BLTU:
              if (x[m >>> 14 & 63] + Long.MIN_VALUE < x[m >>> 20 & 63] + Long.MIN_VALUE) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.BGEU:
              if (x[m >>> 14 & 63] + Long.MIN_VALUE >= x[m >>> 20 & 63] + Long.MIN_VALUE) {
                left -= ip - start;
                ip += (int) imm;
                continue block;
              }
              break;
            case Op.LB:
            case Op.LBU:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p = readTags[slot] == (ea & ~4095L) ? readPages[slot] : space.readMiss(ea, 0);
                if (p == null) {
                  fault("load at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int w = p[(int) (ea >>> 2) & 1023] >>> (((int) ea & 3) << 3);
                x[rd] = (m & 255) == Op.LB ? (byte) w : w & 255;
                break;
              }
            case Op.LH:
            case Op.LHU:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    readTags[slot] == (ea & ~0xffeL) ? readPages[slot] : space.readMiss(ea, 1);
                if (p == null) {
                  fault("load at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int w = p[(int) (ea >>> 2) & 1023] >>> (((int) ea & 2) << 3);
                x[rd] = (m & 255) == Op.LH ? (short) w : w & 65535;
                break;
              }
            case Op.LW:
            case Op.LWU:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    readTags[slot] == (ea & ~0xffcL) ? readPages[slot] : space.readMiss(ea, 2);
                if (p == null) {
                  fault("load at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int w = p[(int) (ea >>> 2) & 1023];
                x[rd] = (m & 255) == Op.LW ? w : w & 0xffffffffL;
                break;
              }
            case Op.LD:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    readTags[slot] == (ea & ~0xff8L) ? readPages[slot] : space.readMiss(ea, 3);
                if (p == null) {
                  fault("load at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int i = (int) (ea >>> 2) & 1022;
                x[rd] = p[i] & 0xffffffffL | (long) p[i + 1] << 32;
                break;
              }
            case Op.SB:
            case Op.SH:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int shift = (m & 255) - Op.SB;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    writeTags[slot] == (ea & ~(4095L - shift))
                        ? writePages[slot]
                        : space.writeMiss(ea, shift);
                if (p == null) {
                  fault("store at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int i = (int) (ea >>> 2) & 1023;
                int mask = (shift == 0 ? 255 : 65535) << (((int) ea & 3) << 3);
                p[i] = p[i] & ~mask | (int) x[m >>> 20 & 63] << (((int) ea & 3) << 3) & mask;
                break;
              }
            case Op.SW:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    writeTags[slot] == (ea & ~0xffcL) ? writePages[slot] : space.writeMiss(ea, 2);
                if (p == null) {
                  fault("store at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                p[(int) (ea >>> 2) & 1023] = (int) x[m >>> 20 & 63];
                break;
              }
            case Op.SD:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    writeTags[slot] == (ea & ~0xff8L) ? writePages[slot] : space.writeMiss(ea, 3);
                if (p == null) {
                  fault("store at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
                }
                int i = (int) (ea >>> 2) & 1022;
                p[i] = (int) x[m >>> 20 & 63];
                p[i + 1] = (int) (x[m >>> 20 & 63] >>> 32);
                break;
              }
            case Op.ADDI:
              x[rd] = x[m >>> 14 & 63] + imm;
              break;
            case Op.SLLI:
              x[rd] = x[m >>> 14 & 63] << imm;
              break;
            case Op.SLTI:
              x[rd] = x[m >>> 14 & 63] < imm ? 1 : 0;
              break;
            case Op.SLTIU:
              x[rd] = x[m >>> 14 & 63] + Long.MIN_VALUE < imm + Long.MIN_VALUE ? 1 : 0;
              break;
            case Op.XORI:
              x[rd] = x[m >>> 14 & 63] ^ imm;
              break;
            case Op.SRLI:
              x[rd] = x[m >>> 14 & 63] >>> imm;
              break;
            case Op.ORI:
              x[rd] = x[m >>> 14 & 63] | imm;
              break;
            case Op.ANDI:
              x[rd] = x[m >>> 14 & 63] & imm;
              break;
            case Op.SRAI:
              x[rd] = x[m >>> 14 & 63] >> imm;
              break;
            case Op.ADDIW:
              x[rd] = (int) (x[m >>> 14 & 63] + imm);
              break;
            case Op.SLLIW:
              x[rd] = (int) x[m >>> 14 & 63] << imm;
              break;
            case Op.SRLIW:
              x[rd] = (int) x[m >>> 14 & 63] >>> imm;
              break;
            case Op.SRAIW:
              x[rd] = (int) x[m >>> 14 & 63] >> imm;
              break;
            case Op.ADD:
              x[rd] = x[m >>> 14 & 63] + x[m >>> 20 & 63];
              break;
            case Op.SLL:
              x[rd] = x[m >>> 14 & 63] << x[m >>> 20 & 63];
              break;
            case Op.SLT:
              x[rd] = x[m >>> 14 & 63] < x[m >>> 20 & 63] ? 1 : 0;
              break;
            case Op.SLTU:
              x[rd] = x[m >>> 14 & 63] + Long.MIN_VALUE < x[m >>> 20 & 63] + Long.MIN_VALUE ? 1 : 0;
              break;
            case Op.XOR:
              x[rd] = x[m >>> 14 & 63] ^ x[m >>> 20 & 63];
              break;
            case Op.SRL:
              x[rd] = x[m >>> 14 & 63] >>> x[m >>> 20 & 63];
              break;
            case Op.OR:
              x[rd] = x[m >>> 14 & 63] | x[m >>> 20 & 63];
              break;
            case Op.AND:
              x[rd] = x[m >>> 14 & 63] & x[m >>> 20 & 63];
              break;
            case Op.SUB:
              x[rd] = x[m >>> 14 & 63] - x[m >>> 20 & 63];
              break;
            case Op.SRA:
              x[rd] = x[m >>> 14 & 63] >> x[m >>> 20 & 63];
              break;
            case Op.ADDW:
              x[rd] = (int) (x[m >>> 14 & 63] + x[m >>> 20 & 63]);
              break;
            case Op.SUBW:
              x[rd] = (int) (x[m >>> 14 & 63] - x[m >>> 20 & 63]);
              break;
            case Op.SLLW:
              x[rd] = (int) x[m >>> 14 & 63] << x[m >>> 20 & 63];
              break;
            case Op.SRLW:
              x[rd] = (int) x[m >>> 14 & 63] >>> x[m >>> 20 & 63];
              break;
            case Op.SRAW:
              x[rd] = (int) x[m >>> 14 & 63] >> x[m >>> 20 & 63];
              break;
            case Op.MUL:
              x[rd] = x[m >>> 14 & 63] * x[m >>> 20 & 63];
              break;
            case Op.MULW:
              x[rd] = (int) (x[m >>> 14 & 63] * x[m >>> 20 & 63]);
              break;
            case Op.FADD:
              x[rd] = Floats.add((int) x[m >>> 14 & 63], (int) x[m >>> 20 & 63]);
              break;
            case Op.FSUB:
              x[rd] = Floats.sub((int) x[m >>> 14 & 63], (int) x[m >>> 20 & 63]);
              break;
            case Op.FMUL:
              x[rd] = Floats.mul((int) x[m >>> 14 & 63], (int) x[m >>> 20 & 63]);
              break;
            case Op.NOP:
              break;
            case Op.VLOAD:
            case Op.VLOAD4:
            case Op.DOTL:
            case Op.DOTH:
              {
                long ea = x[m >>> 14 & 63] + imm;
                int low = (m & 255) == Op.VLOAD4 ? 15 : 31;
                int slot = (int) (ea >>> 12) & 255;
                int[] p =
                    readTags[slot] == (ea & ~(4095L - low))
                        ? readPages[slot]
                        : space.readMiss(ea, low == 15 ? 4 : 5);
                if (p == null) {
                  fault("load at", ea);
                  pc = base + ((long) (ip - 1) << 2);
                  left -= ip - start;
                  break machine;
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
              pc = base + ((long) (ip - 1) << 2);
              if (((int) (d >> 32) & 127) == 0x6f) {
                x[m >>> 8 & 63] = pc + 4;
              }
              pc = odd((int) (d >> 32), pc, x[m >>> 14 & 63], x[m >>> 20 & 63]);
              left -= ip - start;
              continue machine;
            case Op.ECALL:
              pc = base + ((long) (ip - 1) << 2);
              environment(pc, x[17]);
              left -= ip - start;
              break machine;
            case Op.ILLEGAL:
              pc = base + ((long) (ip - 1) << 2);
              fault("illegal instruction 0x" + Integer.toHexString((int) imm) + " at", pc);
              left -= ip - start;
              break machine;
            default:
              x[rd] = Rare.compute(m & 255, (int) imm, x[m >>> 14 & 63], x[m >>> 20 & 63]);
              break;
          }
        }
        left -= ip - start;
        if (left == 0) {
          break;
        }
      }
      pc = base + ((long) ip << 2);
    }
    this.pc = pc;
    System.arraycopy(x, 0, this.x, 0, 64);
    return left;
  }

  private void fault(String what, long address) {
    status = FAULTED;
    reason = what + " 0x" + Long.toHexString(address);
  }

  private void environment(long at, long call) {
    if (call == 0) {
      status = YIELDED;
    } else if (call == 1) {
      status = EXITED;
    } else {
      fault("ecall " + call + " at", at);
    }
  }

  /** A jump or branch whose target is not a multiple of 4: the fetch there will fault. */
  private static long odd(int word, long at, long a, long b) {
    if ((word & 127) == 0x6f) {
      return at + Decoder.jumpOffset(word);
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
    return taken != inverted ? at + Decoder.branchOffset(word) : at + 4;
  }
}
