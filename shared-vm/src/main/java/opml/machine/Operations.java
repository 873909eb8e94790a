package opml.machine;

/** What translated code calls: single accesses within a page, V, and computations. */
public final class Operations {
  private Operations() {}

  private static int word(int[] page, long address) {
    return page[(int) (address >>> 2) & 1023];
  }

  public static long lb(int[] page, long address) {
    return (byte) (word(page, address) >>> (((int) address & 3) << 3));
  }

  public static long lbu(int[] page, long address) {
    return word(page, address) >>> (((int) address & 3) << 3) & 255;
  }

  public static long lh(int[] page, long address) {
    return (short) (word(page, address) >>> (((int) address & 2) << 3));
  }

  public static long lhu(int[] page, long address) {
    return word(page, address) >>> (((int) address & 2) << 3) & 65535;
  }

  public static long lw(int[] page, long address) {
    return word(page, address);
  }

  public static long lwu(int[] page, long address) {
    return word(page, address) & 0xffffffffL;
  }

  public static long ld(int[] page, long address) {
    int i = (int) (address >>> 2) & 1022;
    return page[i] & 0xffffffffL | (long) page[i + 1] << 32;
  }

  public static void sb(int[] page, long address, long value) {
    merge(page, address, 255, ((int) address & 3) << 3, (int) value);
  }

  public static void sh(int[] page, long address, long value) {
    merge(page, address, 65535, ((int) address & 2) << 3, (int) value);
  }

  private static void merge(int[] page, long address, int mask, int shift, int value) {
    int i = (int) (address >>> 2) & 1023;
    page[i] = page[i] & ~(mask << shift) | (value & mask) << shift;
  }

  public static void sw(int[] page, long address, long value) {
    page[(int) (address >>> 2) & 1023] = (int) value;
  }

  public static void sd(int[] page, long address, long value) {
    int i = (int) (address >>> 2) & 1022;
    page[i] = (int) value;
    page[i + 1] = (int) (value >>> 32);
  }

  public static void vload(int[] v, int[] page, long address) {
    Vector.load(v, page, (int) (address >>> 2) & 1016, false);
  }

  public static void vload4(int[] v, int[] page, long address) {
    Vector.load(v, page, (int) (address >>> 2) & 1020, true);
  }

  public static long dotl(int[] v, int[] page, long address) {
    return Vector.dot(v, 0, page, (int) (address >>> 2) & 1016);
  }

  public static long doth(int[] v, int[] page, long address) {
    return Vector.dot(v, 16, page, (int) (address >>> 2) & 1016);
  }

  /** Any operation from {@link Op#MULH} on; {@code selector} as the decoder makes it. */
  public static long compute(int op, int selector, long a, long b) {
    return Rare.compute(op, selector, a, b);
  }
}
