package opml.tokenizer;

import java.util.Arrays;
import opml.guest.GuestFault;
import opml.guest.Memory;

/**
 * The regions that tokenizing a text touches, in byte arrays that are used again for the next text.
 */
final class TextMemory extends Memory {
  private static final int SHIFT = 40;
  private final byte[][] regions = new byte[4][];

  TextMemory(byte[] input, byte[] weights, int stateBytes) {
    regions[0] = new byte[stateBytes];
    regions[1] = new byte[0];
    regions[2] = input;
    regions[3] = weights;
  }

  /** STATE is zero again, as before the first text. */
  void forget() {
    Arrays.fill(regions[0], (byte) 0);
  }

  private static byte[] missing(long address) {
    throw new GuestFault("no memory at " + Long.toHexString(address));
  }

  private byte[] region(long address, int size) {
    int number = (int) (address >>> SHIFT);
    long offset = address & (1L << SHIFT) - 1;
    if ((address & (size - 1)) != 0
        || number >= regions.length
        || offset + size > regions[number].length) {
      return missing(address);
    }
    return regions[number];
  }

  private long load(long address, int size) {
    byte[] bytes = region(address, size);
    int at = (int) address;
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 255;
    }
    return value;
  }

  private void store(long address, long value, int size) {
    byte[] bytes = address >>> SHIFT == 0 ? region(address, size) : missing(address);
    int at = (int) address;
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public int loadI8(long address) {
    return (byte) load(address, 1);
  }

  @Override
  public int loadU8(long address) {
    return (int) load(address, 1);
  }

  @Override
  public int loadI16(long address) {
    return (short) load(address, 2);
  }

  @Override
  public int loadU16(long address) {
    return (int) load(address, 2);
  }

  @Override
  public int loadI32(long address) {
    return (int) load(address, 4);
  }

  @Override
  public long loadI64(long address) {
    return load(address, 8);
  }

  @Override
  public void storeI8(long address, int value) {
    store(address, value, 1);
  }

  @Override
  public void storeI16(long address, int value) {
    store(address, value, 2);
  }

  @Override
  public void storeI32(long address, int value) {
    store(address, value, 4);
  }

  @Override
  public void storeI64(long address, long value) {
    store(address, value, 8);
  }
}
