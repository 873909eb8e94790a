package opml.machine;

/** A little-endian ELF64 program for RISC-V: loadable segments by address, and the entry. */
final class Elf {
  private static final int MACHINE = 243;
  private static final int LOAD = 1;

  private final byte[] file;
  private final long table;
  private final int entrySize;
  private final int count;

  Elf(byte[] file) {
    this.file = file;
    require(file.length >= 64 && u32(0) == 0x464c457f, "magic", "give an ELF file");
    require(file[4] == 2 && file[5] == 1, "class or byte order", "link for 64 bits, little-endian");
    require(u16(18) == MACHINE, "machine", "compile for RISC-V");
    table = u64(32);
    entrySize = u16(54);
    count = u16(56);
    boolean fits =
        table >= 0 && table <= file.length && table + (long) entrySize * count <= file.length;
    require(fits && entrySize >= 56, "program header table", "the file is cut off");
    for (int i = 0; i < count; i++) {
      check(header(i));
    }
  }

  private void check(int h) {
    long off = u64(h + 8);
    long length = u64(h + 32);
    long memory = u64(h + 40);
    long address = u64(h + 16);
    if (u32(h) != LOAD || memory == 0) {
      return;
    }
    boolean inFile = off >= 0 && length >= 0 && off <= file.length && length <= file.length - off;
    require(inFile && length <= memory, "segment", "the file is cut off");
    long last = address + memory - 1;
    boolean oneRegion = address >>> Regions.SHIFT == last >>> Regions.SHIFT && last >= address;
    require(
        oneRegion && address >>> Regions.SHIFT < Regions.COUNT,
        "segment address 0x" + Long.toHexString(address),
        "link below 2^40");
  }

  private static void require(boolean condition, String field, String remedy) {
    if (!condition) {
      throw new IllegalArgumentException("ELF " + field + " is wrong: " + remedy);
    }
  }

  long entry() {
    return u64(24);
  }

  /** The smallest regions of at least a page that hold the segments. */
  RegionSizes sizes() {
    int[] g = new int[Regions.COUNT];
    for (int r = 0; r < g.length; r++) {
      g[r] = Pages.HEIGHT;
    }
    for (int i = 0; i < count; i++) {
      int h = header(i);
      long memory = u64(h + 40);
      if (u32(h) == LOAD && memory > 0) {
        long last = u64(h + 16) + memory - 1;
        int r = (int) (last >>> Regions.SHIFT);
        g[r] = Math.max(g[r], 59 - Long.numberOfLeadingZeros(AddressSpace.offset(last)));
      }
    }
    return new RegionSizes(g[1], g[2], g[3], g[0], g[4], g[5]);
  }

  void load(AddressSpace space) {
    for (int i = 0; i < count; i++) {
      int h = header(i);
      for (long k = 0; u32(h) == LOAD && k < u64(h + 32); k++) {
        long a = u64(h + 16) + k;
        int[] words =
            space.region((int) (a >>> Regions.SHIFT)).write(AddressSpace.offset(a) >>> 12);
        int w = (int) (a >>> 2) & 1023;
        int shift = ((int) a & 3) * 8;
        words[w] = words[w] & ~(255 << shift) | (file[(int) (u64(h + 8) + k)] & 255) << shift;
      }
    }
  }

  private int header(int i) {
    return (int) table + i * entrySize;
  }

  private int u16(int off) {
    return file[off] & 255 | (file[off + 1] & 255) << 8;
  }

  private int u32(int off) {
    return u16(off) | u16(off + 2) << 16;
  }

  private long u64(int off) {
    return u32(off) & 0xffffffffL | (long) u32(off + 4) << 32;
  }
}
