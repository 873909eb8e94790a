package opml.inference.emitted;

import java.util.Arrays;

/**
 * Writes x86-64 machine code: vector instructions in EVEX (level AVX-512) or VEX (registers 0 to
 * 15, no masks, at most 256 bits) and the few others a kernel needs. Memory operands are a base
 * register (not rsp, rbp, r12 or r13) and a displacement.
 */
final class Assembler {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;

  /** Vector lengths: 128, 256, 512 bits. */
  static final int X = 0;

  static final int Y = 1;
  static final int Z = 2;

  /** In the last octet of an EVEX prefix. */
  private static final int BROADCAST = 0x10;

  private final boolean evex;
  private byte[] code = new byte[1024];
  private int size;

  /** Writes code of a level, {@link Level#AVX2} or {@link Level#AVX512}. */
  Assembler(Level level) {
    evex = level == Level.AVX512;
  }

  byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /** Where the next instruction goes. */
  int here() {
    return size;
  }

  private void octets(int... values) {
    if (size + values.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    for (int v : values) {
      code[size++] = (byte) v;
    }
  }

  private void int32(int v) {
    octets(v, v >> 8, v >> 16, v >> 24);
  }

  /** reg = op(second, rm), all vector registers. */
  void registers(Instruction op, int length, int reg, int second, int rm) {
    vector(op, length, reg, second, rm >> 3 & 1, rm >> 4, 0, false);
    octets(op.opcode, 0xc0 | (reg & 7) << 3 | rm & 7);
  }

  /** reg = op(second, rm) under a mask register: elsewhere zero, or what a blend leaves. */
  void masked(Instruction op, int length, int reg, int second, int rm, int mask, boolean zeroing) {
    vector(op, length, reg, second, rm >> 3 & 1, rm >> 4, mask, zeroing);
    octets(op.opcode, 0xc0 | (reg & 7) << 3 | rm & 7);
  }

  /** The same with an immediate; for shifts reg is the number in the opcode's extension. */
  void registers(Instruction op, int length, int reg, int second, int rm, int immediate) {
    registers(op, length, reg, second, rm);
    octets(immediate);
  }

  /** reg = op(second, memory); stores have reg as source. */
  void memory(Instruction op, int length, int reg, int second, int base, int displacement) {
    masked(op, length, reg, second, base, displacement, 0);
  }

  /** The same with an immediate. */
  void memory(
      Instruction op, int length, int reg, int second, int base, int displacement, int immediate) {
    memory(op, length, reg, second, base, displacement);
    octets(immediate);
  }

  /** The same where bits of mask register {@code mask} are set, zero elsewhere; 0 is no mask. */
  void masked(
      Instruction op, int length, int reg, int second, int base, int displacement, int mask) {
    vector(op, length, reg, second, base >> 3, 0, mask, true);
    octets(op.opcode);
    address(reg, base, displacement);
  }

  /** reg = op(second, one 32-bit number of memory in all lanes); EVEX only. */
  void broadcast(Instruction op, int length, int reg, int second, int base, int displacement) {
    if (!evex) {
      throw new IllegalArgumentException(op + ": VEX repeats no number of memory");
    }
    vector(op, length, reg, second, base >> 3, 0, 0, false);
    code[size - 1] |= BROADCAST;
    octets(op.opcode);
    address(reg, base, displacement);
  }

  /** Stores lanes whose bit is set in a mask register. */
  void storeMasked(int length, int reg, int base, int displacement, int mask) {
    vector(Instruction.FLOAT_STORE, length, reg, 0, base >> 3, 0, mask, false);
    octets(Instruction.FLOAT_STORE.opcode);
    address(reg, base, displacement);
  }

  /** EVEX scales short displacements, so its code has long ones only. */
  private void address(int reg, int base, int displacement) {
    if (!evex && displacement == 0) {
      octets((reg & 7) << 3 | base & 7);
      return;
    }
    if (!evex && displacement == (byte) displacement) {
      octets(0x40 | (reg & 7) << 3 | base & 7, displacement);
      return;
    }
    octets(0x80 | (reg & 7) << 3 | base & 7);
    int32(displacement);
  }

  private void vector(
      Instruction op, int length, int reg, int second, int b, int x, int mask, boolean zeroing) {
    Instruction.Encoding other = evex ? Instruction.Encoding.VEX : Instruction.Encoding.EVEX;
    if (op.encoding == other) {
      throw new IllegalArgumentException(op + " is not of this level");
    }
    if (evex) {
      evex(op, length, reg, second, b, x, mask, zeroing);
      return;
    }
    if (length > Y || (reg | second) > 15 || x != 0 || mask != 0) {
      throw new IllegalArgumentException(op + ": operands that VEX cannot name");
    }
    int wide = op.map == 1 ? 0 : op.wide;
    int rest = (~second & 15) << 3 | length << 2 | op.prefix;
    int r = (~reg >> 3 & 1) << 7;
    if (op.map == 1 && b == 0) {
      octets(0xc5, r | rest);
    } else {
      octets(0xc4, r | 0x40 | (~b & 1) << 5 | op.map, wide << 7 | rest);
    }
  }

  private void evex(
      Instruction op, int length, int reg, int second, int b, int x, int mask, boolean zeroing) {
    octets(
        0x62,
        (~reg >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~reg >> 4 & 1) << 4 | op.map,
        op.wide << 7 | (~second & 15) << 3 | 4 | op.prefix,
        (mask != 0 && zeroing ? 0x80 : 0) | length << 5 | (~second >> 4 & 1) << 3 | mask);
  }

  /** 64-bit register = memory. */
  void load(int reg, int base, int displacement) {
    octets(0x48 | reg >> 3 << 2 | base >> 3, 0x8b);
    address(reg, base, displacement);
  }

  /** 64-bit register = value, not negative; one of the first eight. */
  void set(int reg, int value) {
    octets(0xb8 | reg);
    int32(value);
  }

  void copy(int to, int from) {
    octets(0x48 | from >> 3 << 2 | to >> 3, 0x89, 0xc0 | (from & 7) << 3 | to & 7);
  }

  /** Sets the zero flag as well. */
  void add(int reg, int value) {
    octets(0x48 | reg >> 3, 0x81, 0xc0 | reg & 7);
    int32(value);
  }

  /** Adds 64-bit memory. */
  void addFrom(int reg, int base, int displacement) {
    octets(0x48 | reg >> 3 << 2 | base >> 3, 0x03);
    address(reg, base, displacement);
  }

  /** 32-bit memory = value. */
  void storeInt(int base, int displacement, int value) {
    octets(0x40 | base >> 3, 0xc7);
    address(0, base, displacement);
    int32(value);
  }

  /** Brings a cache line closer; never faults. */
  void prefetch(int base, int displacement) {
    prefetch(base, displacement, 1);
  }

  /** The same to the second-level cache only. */
  void prefetchSecond(int base, int displacement) {
    prefetch(base, displacement, 2);
  }

  private void prefetch(int base, int displacement, int level) {
    octets(0x40 | base >> 3, 0x0f, 0x18);
    address(level, base, displacement);
  }

  /** Mask register k1 = the low 8 bits of memory. */
  void maskFrom(int base, int displacement) {
    octets(0xc5 | 0, 0xf9, 0x90);
    address(1, base, displacement);
  }

  /** Mask register k1 = the low bits of a constant; uses eax. */
  void maskOne(int bits) {
    octets(0xb8);
    int32(bits);
    octets(0xc5, 0xf8, 0x92, 0xc8);
  }

  /** Jumps back where the last {@link #add} did not give zero. */
  void loopTo(int target) {
    octets(0x0f, 0x85);
    int32(target - size - 4);
  }

  /** Skips over what follows until {@link #land} when the last {@link #add} gave zero. */
  int ifZero() {
    return jump(0x84);
  }

  /** Skips over what follows until {@link #land} when the last comparison found no NaN. */
  int unlessUnordered() {
    return jump(0x8b);
  }

  private int jump(int condition) {
    octets(0x0f, condition);
    int32(0);
    return size;
  }

  void land(int jump) {
    int distance = size - jump;
    for (int i = 0; i < 4; i++) {
      code[jump - 4 + i] = (byte) (distance >> 8 * i);
    }
  }

  /** Back to Java, upper halves of the registers clean. */
  void leave() {
    octets(0xc5, 0xf8, 0x77, 0xc3);
  }
}
