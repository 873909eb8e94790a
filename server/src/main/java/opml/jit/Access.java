package opml.jit;

import opml.machine.AddressSpace;
import opml.machine.Operations;

/**
 * Memory accesses of generated code: each finds the page in the translation cache that it is given,
 * and throws {@link Fault#HERE} when that is one for the interpreter. Small and flat, since HotSpot
 * inlines at most 8000 bytes into a method.
 */
final class Access {
  private static final int SLOTS = AddressSpace.SLOTS - 1;

  private Access() {}

  /** The access at which generated code leaves. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // without a stack trace it is a signal only
    private static final Fault HERE = new Fault();

    private Fault() {
      super("", null, false, false);
    }
  }

  private static int[] readMiss(AddressSpace space, long address, int shift) {
    int[] page = space.read(address, shift);
    if (page == null) {
      throw Fault.HERE;
    }
    return page;
  }

  private static int[] writeMiss(AddressSpace space, long address, int shift) {
    int[] page = space.write(address, shift);
    if (page == null) {
      throw Fault.HERE;
    }
    return page;
  }

  static long lb(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~4095L) ? pages[slot] : readMiss(space, a, 0);
    return (byte) (p[(int) (a >>> 2) & 1023] >>> ((int) a << 3));
  }

  static long lbu(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~4095L) ? pages[slot] : readMiss(space, a, 0);
    return p[(int) (a >>> 2) & 1023] >>> ((int) a << 3) & 255;
  }

  static long lh(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xffeL) ? pages[slot] : readMiss(space, a, 1);
    return (short) (p[(int) (a >>> 2) & 1023] >>> ((int) a << 3));
  }

  static long lhu(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xffeL) ? pages[slot] : readMiss(space, a, 1);
    return p[(int) (a >>> 2) & 1023] >>> ((int) a << 3) & 65535;
  }

  static long lw(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xffcL) ? pages[slot] : readMiss(space, a, 2);
    return p[(int) (a >>> 2) & 1023];
  }

  static long lwu(long a, long[] tags, int[][] pages, AddressSpace space) {
    return lw(a, tags, pages, space) & 0xffffffffL;
  }

  static long ld(long a, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xff8L) ? pages[slot] : readMiss(space, a, 3);
    return Operations.ld(p, a);
  }

  static void sb(long a, long value, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~4095L) ? pages[slot] : writeMiss(space, a, 0);
    Operations.sb(p, a, value);
  }

  static void sh(long a, long value, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xffeL) ? pages[slot] : writeMiss(space, a, 1);
    Operations.sh(p, a, value);
  }

  static void sw(long a, long value, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xffcL) ? pages[slot] : writeMiss(space, a, 2);
    p[(int) (a >>> 2) & 1023] = (int) value;
  }

  static void sd(long a, long value, long[] tags, int[][] pages, AddressSpace space) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xff8L) ? pages[slot] : writeMiss(space, a, 3);
    Operations.sd(p, a, value);
  }

  static void vload(long a, long[] tags, int[][] pages, AddressSpace space, int[] v) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xfe0L) ? pages[slot] : readMiss(space, a, 5);
    if (VectorRegister.WIDE) {
      VectorRegister.load(v, p, (int) (a >>> 2) & 1016);
    } else {
      Operations.vload(v, p, a);
    }
  }

  static void vload4(long a, long[] tags, int[][] pages, AddressSpace space, int[] v) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xff0L) ? pages[slot] : readMiss(space, a, 4);
    if (VectorRegister.WIDE) {
      VectorRegister.loadNibbles(v, p, (int) (a >>> 2) & 1020);
    } else {
      Operations.vload4(v, p, a);
    }
  }

  static long dotl(long a, long[] tags, int[][] pages, AddressSpace space, int[] v) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xfe0L) ? pages[slot] : readMiss(space, a, 5);
    return VectorRegister.WIDE
        ? VectorRegister.dot(v, 0, p, (int) (a >>> 2) & 1016)
        : Operations.dotl(v, p, a);
  }

  static long doth(long a, long[] tags, int[][] pages, AddressSpace space, int[] v) {
    int slot = (int) (a >>> 12) & SLOTS;
    int[] p = tags[slot] == (a & ~0xfe0L) ? pages[slot] : readMiss(space, a, 5);
    return VectorRegister.WIDE
        ? VectorRegister.dot(v, 16, p, (int) (a >>> 2) & 1016)
        : Operations.doth(v, p, a);
  }
}
