package opml.jit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import opml.machine.BytePages;
import opml.machine.Machine;
import opml.machine.Pages;
import opml.machine.RegionSizes;

/**
 * A program that loads its registers from INPUT and goes on with random words, mostly legal: every
 * instruction form, short jumps and branches, memory mostly at the addresses in x24 to x31, which
 * seldom change.
 */
final class RandomProgram {
  static final RegionSizes SIZES = new RegionSizes(9, 8, 9, 9, 6, 7);
  private static final int WORDS = 120;
  private static final int[] OPCODES = {
    0x13, 0x13, 0x1b, 0x33, 0x33, 0x3b, 0x53, 0x53, 0x03, 0x23, 0x0b, 0x63, 0x6f, 0x37, 0x17, 0x67
  };
  private static final int[] FLOAT = {
    0x00, 0x04, 0x08, 0x0c, 0x2c, 0x10, 0x14, 0x50, 0x60, 0x68, 0x70, 0x20, 0x22
  };
  private static final long[] EDGES = {
    0,
    1,
    -1,
    31,
    63,
    64,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    0x7f800000,
    0x7fc00000,
    0x7f800001,
    0xff800000L,
    0x3f800000,
    0x7c00,
    0x7e01,
    0x0001,
    0x80000001L
  };

  private final Random r;
  private final Pages code;
  private final byte[] input;

  RandomProgram(Random r) {
    this.r = r;
    ByteBuffer words = ByteBuffer.allocate(4 * (WORDS + 34)).order(ByteOrder.LITTLE_ENDIAN);
    words.putInt(0x00200f93); // addi x31, x0, 2
    words.putInt(0x028f9f93); // slli x31, x31, 40: INPUT
    for (int i = 1; i < 32; i++) {
      words.putInt(8 * i << 20 | 31 << 15 | 3 << 12 | i << 7 | 0x03); // ld xi, 8i(x31)
    }
    for (int i = 0; i < WORDS; i++) {
      words.putInt(word());
    }
    words.putInt(0x00000073); // ecall
    code = new BytePages(words.array(), SIZES.code());
    ByteBuffer values = ByteBuffer.allocate(8 * 32).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 32; i++) {
      values.putLong(i == 0 ? 0 : i < 24 ? value(r.nextInt(5)) : address(i < 28));
    }
    input = values.array();
  }

  Pages code() {
    return code;
  }

  Machine machine() {
    return machine(code, input);
  }

  static Machine machine(Pages code, byte[] input) {
    byte[] content = new byte[16384];
    new Random(7).nextBytes(content);
    return new Machine(
        SIZES,
        code,
        new BytePages(input, SIZES.input()),
        new BytePages(content, SIZES.weights()),
        new BytePages(content, SIZES.state()),
        new BytePages(new byte[0], SIZES.output()));
  }

  private long value(int kind) {
    switch (kind) {
      case 0:
        return EDGES[r.nextInt(EDGES.length)];
      case 1:
        return r.nextLong();
      case 2:
        return (int) (r.nextInt(90, 165) << 23 | r.nextInt() & 0x807fffff);
      default:
        return address(false);
    }
  }

  private long address(boolean writable) {
    int region = writable ? new int[] {0, 4, 5}[r.nextInt(3)] : r.nextInt(6);
    return ((long) region << 40) + (r.nextLong(SIZES.length(region)) & -32);
  }

  private int word() {
    int w = anyWord();
    int opcode = w & 127;
    boolean memory = opcode == 0x03 || opcode == 0x23 || opcode == 0x0b;
    if (r.nextInt(50) == 0) {
      return w;
    }
    boolean writes = opcode != 0x23 && opcode != 0x63;
    w = writes && (w >>> 10 & 3) == 3 ? w & ~0x800 : w;
    if (!memory) {
      return w;
    }
    // stores at x24 to x27, which are writable; whole multiples of 32 mostly
    w = opcode == 0x23 ? w & ~0x64000 | 24 << 15 : w | 24 << 15;
    boolean any = r.nextInt(8) == 0;
    return any ? w : opcode == 0x23 ? w & ~0xf80 : w & ~0x1f00000;
  }

  private int anyWord() {
    int opcode = r.nextInt(60) == 0 ? r.nextInt(128) : OPCODES[r.nextInt(OPCODES.length)];
    int w = r.nextInt() & ~127 | opcode;
    switch (opcode) {
      case 0x33, 0x3b:
        return w & 0x1ffffff | new int[] {0, 0, 1, 32}[r.nextInt(4)] << 25;
      case 0x13:
        return (w & 0x3000) == 0x1000 ? w & 0x43ffffff : w;
      case 0x1b:
        int funct3 = new int[] {0, 1, 5}[r.nextInt(3)];
        w = w & ~0x7000 | funct3 << 12;
        return funct3 == 0 ? w : w & (funct3 == 5 ? 0x41ffffff : 0x01ffffff);
      case 0x53:
        w = w & 0x1ffffff | FLOAT[r.nextInt(FLOAT.length)] << 25;
        w = w & ~0x7000 | r.nextInt(3) << 12;
        return r.nextBoolean() ? w : w & ~0x1c00000;
      case 0x03:
        return w & 0x01ffffff & ((w & 0x7000) == 0x7000 ? ~0x1000 : -1);
      case 0x23:
        return w & 0x01ffffff & ~0x4000;
      case 0x0b:
        w &= 0x000fffff & ~0x4000;
        return (w & 0x2000) == 0 ? w & ~0xf80 : w;
      case 0x63:
        int forward = 4 * r.nextInt(1, 12);
        int branch = r.nextInt(4) == 0 ? -forward : forward;
        return w & ((w & 0x6000) == 0x2000 ? 0x01ffd07f : 0x01fff07f)
            | (branch >> 12 & 1) << 31
            | (branch >> 5 & 63) << 25
            | (branch >> 1 & 15) << 8
            | (branch >> 11 & 1) << 7;
      case 0x6f:
        return 4 * r.nextInt(1, 10) << 20 | w & 0xfff;
      case 0x67:
        return r.nextInt(30) == 0 ? w & ~0x7000 : w & 0xf8f | 0x13; // mostly: addi
      default:
        return w;
    }
  }
}
