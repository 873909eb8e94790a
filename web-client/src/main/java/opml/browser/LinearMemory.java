package opml.browser;

import opml.guest.GuestFault;
import opml.guest.Memory;
import org.teavm.interop.Address;

/**
 * The guest's regions in linear memory, side by side: what JavaScript fetched is used where it
 * lies. Little-endian as WebAssembly is.
 */
final class LinearMemory extends Memory {
  private static final int STATE = 0;
  private static final int OUTPUT = 4;

  private final int[] base = new int[8];
  private final int[] held = new int[8];
  private final long[] limit = new long[8];
  private int vector;
  private boolean nibbles;

  /**
   * Places a region: {@code bytes} of content at {@code at}, zero from there to its 2^size leaves.
   * Behind the content lie 64 zero bytes: content may end anywhere, within a vector too.
   */
  void place(int region, int at, int bytes, int size) {
    base[region] = at;
    held[region] = bytes;
    limit[region] = 32L << size;
  }

  private int read(long address, int size) {
    int region = (int) (address >>> 40);
    long offset = address & 0xff_ffffffffL;
    if (region < 0 || region > OUTPUT || offset >= limit[region] || (offset & (size - 1)) != 0) {
      throw new GuestFault("no memory to read at " + Long.toHexString(address));
    }
    return offset < held[region] ? base[region] + (int) offset : beyond();
  }

  // Region 7 is no region: its place keeps 32 zero bytes that stand for everything beyond the
  // content.
  private int beyond() {
    return base[7];
  }

  private Address write(long address, int size) {
    int region = (int) (address >>> 40);
    long offset = address & 0xff_ffffffffL;
    if (region != STATE && region != OUTPUT
        || offset + size > held[region]
        || (offset & (size - 1)) != 0) {
      throw new GuestFault("no memory to write at " + Long.toHexString(address));
    }
    return Address.fromInt(base[region] + (int) offset);
  }

  /** Where a range of a region lies in linear memory; -1 when it does not lie there as a whole. */
  int within(int region, long address, long bytes, int alignment) {
    long offset = address & 0xff_ffffffffL;
    boolean inside =
        address >>> 40 == region && offset + bytes <= held[region] && offset % alignment == 0;
    return inside ? base[region] + (int) offset : -1;
  }

  @Override
  public void matrix(long tensor, int first, int rows, long x, long out) {
    if (!SimdRows.run(this, tensor, first, rows, x, out)) {
      super.matrix(tensor, first, rows, x, out);
    }
  }

  @Override
  public int loadI8(long address) {
    return Address.fromInt(read(address, 1)).getByte();
  }

  @Override
  public int loadU8(long address) {
    return Address.fromInt(read(address, 1)).getByte() & 255;
  }

  @Override
  public int loadI16(long address) {
    return Address.fromInt(read(address, 2)).getShort();
  }

  @Override
  public int loadU16(long address) {
    return Address.fromInt(read(address, 2)).getShort() & 0xffff;
  }

  @Override
  public int loadI32(long address) {
    return Address.fromInt(read(address, 4)).getInt();
  }

  @Override
  public long loadI64(long address) {
    return Address.fromInt(read(address, 8)).getLong();
  }

  @Override
  public void storeI8(long address, int value) {
    write(address, 1).putByte((byte) value);
  }

  @Override
  public void storeI16(long address, int value) {
    write(address, 2).putShort((short) value);
  }

  @Override
  public void storeI32(long address, int value) {
    write(address, 4).putInt(value);
  }

  @Override
  public void storeI64(long address, long value) {
    write(address, 8).putLong(value);
  }

  // V is not copied: guests load it from read-only weights or from vectors that they do not change
  // before the products.
  @Override
  public void vload(long address) {
    vector = read(address, 32);
    nibbles = false;
  }

  @Override
  public void vload4(long address) {
    vector = read(address, 16);
    nibbles = true;
  }

  @Override
  public int dotl(long address) {
    int x = read(address, 32);
    return nibbles ? dotNibbles(vector, x, 0) : dotBytes(vector, x);
  }

  @Override
  public int doth(long address) {
    int x = read(address, 32);
    return nibbles ? dotNibbles(vector, x, 4) : dotBytes(vector + 16, x);
  }

  private static int dotBytes(int w, int x) {
    int sum = 0;
    for (int i = 0; i < 16; i++) {
      sum += Address.fromInt(w + i).getByte() * Address.fromInt(x + 2 * i).getShort();
    }
    return sum;
  }

  private static int dotNibbles(int w, int x, int shift) {
    int sum = 0;
    for (int i = 0; i < 16; i++) {
      sum +=
          (Address.fromInt(w + i).getByte() >> shift & 15) * Address.fromInt(x + 2 * i).getShort();
    }
    return sum;
  }
}
