package opml.machine;

import java.util.random.RandomGenerator;

/** Instruction words that are mostly legal, and register values that make them interesting. */
final class RandomWords {
  private static final int[] OPCODES = {
    0x37, 0x17, 0x6f, 0x67, 0x63, 0x03, 0x23, 0x13, 0x1b, 0x33, 0x3b, 0x0f, 0x73, 0x53, 0x0b
  };
  private static final int[] FLOAT = {
    0x00, 0x04, 0x08, 0x0c, 0x2c, 0x10, 0x14, 0x50, 0x60, 0x68, 0x70, 0x20, 0x22
  };
  private static final long[] EDGES = {
    0,
    1,
    2,
    31,
    32,
    63,
    64,
    -1,
    -2,
    0x7fffffffL,
    0x80000000L,
    -0x80000000L,
    0xffffffffL,
    0x100000000L,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    0x7f800000,
    0x7fc00000,
    0x3f800000,
    0xff800000L
  };

  private RandomWords() {}

  static int word(RandomGenerator r) {
    int w = r.nextInt();
    if (r.nextInt(10) == 0) {
      return w;
    }
    int opcode = OPCODES[r.nextInt(OPCODES.length)];
    w = w & ~127 | opcode;
    switch (opcode) {
      case 0x33:
      case 0x3b:
        int[] sevens = {0, 0, 1, 1, 32, 2};
        return w & 0x1ffffff | sevens[r.nextInt(6)] << 25;
      case 0x13:
      case 0x1b:
        return (w & 0x3000) == 0x1000 && r.nextInt(8) > 0 ? w & 0x43ffffff : w;
      case 0x53:
        w = w & 0x1ffffff | FLOAT[r.nextInt(FLOAT.length)] << 25;
        w = r.nextInt(3) == 0 ? w : w & ~0x7000 | r.nextInt(3) << 12;
        return r.nextBoolean() ? w : w & ~0x1c00000;
      case 0x03:
      case 0x23:
        return r.nextBoolean() ? w & 0x01ffffff | (opcode == 0x03 ? w & 0x08000000 : 0) : w;
      case 0x0b:
        w = w & 0x00ffffff & ~0x4000 | (r.nextInt(4) == 0 ? w & 0xfe000000 : 0);
        return r.nextInt(4) == 0 ? w : w & ~0x00f00000 & ((w & 0x2000) == 0 ? ~0xf80 : -1);
      case 0x73:
        return r.nextInt(3) > 0 ? 0x73 : w;
      default:
        return w;
    }
  }

  static long register(RandomGenerator r) {
    switch (r.nextInt(6)) {
      case 0:
        return EDGES[r.nextInt(EDGES.length)];
      case 1:
        return r.nextLong();
      case 2:
        return (int) (r.nextInt(90, 165) << 23 | r.nextInt() & 0x807fffff);
      default:
        return address(r);
    }
  }

  /** Mostly inside a region of {@link Lab} and well aligned. */
  private static long address(RandomGenerator r) {
    int region = r.nextInt(20) == 0 ? r.nextInt(10) : r.nextInt(6);
    long size = region < 6 ? Lab.SIZES.length(region) : 4096;
    long offset = r.nextLong(size);
    if (r.nextInt(4) == 0) {
      offset = (r.nextBoolean() ? size : 0) + r.nextInt(-64, 64);
    }
    offset &= -1L << r.nextInt(2, 7);
    return ((long) region << 40) + offset + (r.nextInt(20) == 0 ? 1L << r.nextInt(43, 64) : 0);
  }
}
