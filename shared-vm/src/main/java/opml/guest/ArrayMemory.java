package opml.guest;

import java.util.Arrays;

/**
 * Memory in Java arrays, for tests and the browser: each region an {@code int[]} of little-endian
 * words that grows as it is written, zero beyond.
 */
public final class ArrayMemory extends Memory {
  private static final int STATE = 0;
  private static final int INPUT = 2;
  private static final int WEIGHTS = 3;
  private static final int OUTPUT = 4;
  private final int[][] words = new int[6][];
  private final long[] sizes = new long[6];

  /**
   * Makes a memory with empty STATE and OUTPUT.
   *
   * @param input bytes of the INPUT region
   * @param weights bytes of the WEIGHTS region
   * @param sizes log2 of the 32-byte leaves of INPUT, WEIGHTS, STATE, OUTPUT
   */
  public ArrayMemory(byte[] input, byte[] weights, int... sizes) {
    this.sizes[INPUT] = 32L << sizes[0];
    this.sizes[WEIGHTS] = 32L << sizes[1];
    this.sizes[STATE] = 32L << sizes[2];
    this.sizes[OUTPUT] = 32L << sizes[3];
    Arrays.fill(words, new int[0]);
    words[INPUT] = pack(input);
    words[WEIGHTS] = pack(weights);
  }

  private static int[] pack(byte[] bytes) {
    int[] packed = new int[(bytes.length + 3) >> 2];
    for (int i = 0; i < bytes.length; i++) {
      packed[i >> 2] |= (bytes[i] & 255) << ((i & 3) << 3);
    }
    return packed;
  }

  /**
   * Words of a region as far as it was written (STATE, OUTPUT) or given; the array itself, not to
   * be changed.
   *
   * @param region its number
   */
  public int[] words(int region) {
    return words[region];
  }

  private int word(long address) {
    int region = (int) (address >>> 40);
    long offset = address & 0xff_ffffffffL;
    if (region >= 6 || offset >= sizes[region]) {
      throw new GuestFault("no memory at " + Long.toHexString(address));
    }
    int[] array = words[region];
    int index = (int) (offset >> 2);
    return index < array.length ? array[index] : 0;
  }

  private static void align(long address, int size) {
    if ((address & (size - 1)) != 0) {
      throw new GuestFault("misaligned access at " + Long.toHexString(address));
    }
  }

  private void put(long address, int value, int mask) {
    int region = (int) (address >>> 40);
    long offset = address & 0xff_ffffffffL;
    if (region != STATE && region != OUTPUT || offset >= sizes[region]) {
      throw new GuestFault("no writable memory at " + Long.toHexString(address));
    }
    int index = (int) (offset >> 2);
    if (index >= words[region].length) {
      int wanted = Math.max(index + 1, 2 * words[region].length);
      words[region] = Arrays.copyOf(words[region], (int) Math.min(wanted, sizes[region] >> 2));
    }
    words[region][index] = words[region][index] & ~mask | value & mask;
  }

  @Override
  public int loadI8(long address) {
    return (byte) (word(address) >>> ((address & 3) << 3));
  }

  @Override
  public int loadU8(long address) {
    return word(address) >>> ((address & 3) << 3) & 255;
  }

  @Override
  public int loadI16(long address) {
    align(address, 2);
    return (short) (word(address) >>> ((address & 3) << 3));
  }

  @Override
  public int loadU16(long address) {
    align(address, 2);
    return word(address) >>> ((address & 3) << 3) & 0xffff;
  }

  @Override
  public int loadI32(long address) {
    align(address, 4);
    return word(address);
  }

  @Override
  public long loadI64(long address) {
    align(address, 8);
    return word(address) & 0xffffffffL | (long) word(address + 4) << 32;
  }

  @Override
  public void storeI8(long address, int value) {
    int shift = (int) (address & 3) << 3;
    put(address, value << shift, 255 << shift);
  }

  @Override
  public void storeI16(long address, int value) {
    align(address, 2);
    int shift = (int) (address & 3) << 3;
    put(address, value << shift, 0xffff << shift);
  }

  @Override
  public void storeI32(long address, int value) {
    align(address, 4);
    put(address, value, -1);
  }

  @Override
  public void storeI64(long address, long value) {
    align(address, 8);
    put(address, (int) value, -1);
    put(address + 4, (int) (value >>> 32), -1);
  }
}
