package opml.machine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The six regions behind small translation caches. A tag is the address of a page; compared with an
 * address whose bits within the page are masked but for the low ones, it checks region, bounds,
 * permission, presence and alignment in one go. Whatever misses goes through the slow methods. The
 * caches are public for {@link HostCode}.
 */
public final class AddressSpace {
  public static final int SLOTS = 256;

  public final long[] readTags = new long[SLOTS];
  public final int[][] readPages = new int[SLOTS][];
  public final long[] writeTags = new long[SLOTS];
  public final int[][] writePages = new int[SLOTS][];
  private final long[] codeTags = new long[SLOTS];
  private final long[][] codePages = new long[SLOTS][];
  private final Map<Long, long[]> decoded = new HashMap<>();
  private final PagedRegion[] regions;

  AddressSpace(PagedRegion[] regions) {
    this.regions = regions;
    flush();
    Arrays.fill(codeTags, -1);
  }

  PagedRegion region(int number) {
    return regions[number];
  }

  /** Forgets all translations: after pages were hashed, or replaced. */
  void flush() {
    Arrays.fill(readTags, -1);
    Arrays.fill(writeTags, -1);
  }

  /** Gives a region zero content again. */
  void clear(int number) {
    regions[number] = regions[number].fresh();
    decoded.keySet().removeIf(page -> page >>> Regions.SHIFT - 12 == number);
    Arrays.fill(codeTags, -1);
    flush();
  }

  AddressSpace copy() {
    PagedRegion[] r = new PagedRegion[Regions.COUNT];
    for (int i = 0; i < Regions.COUNT; i++) {
      r[i] = regions[i].copy();
    }
    return new AddressSpace(r);
  }

  /** Whether an access of 2^shift bytes is aligned and inside a region. */
  public boolean inside(long address, int shift) {
    return (address & (1L << shift) - 1) == 0
        && address >>> Regions.SHIFT < Regions.COUNT
        && regions[(int) (address >>> Regions.SHIFT)].contains(offset(address));
  }

  /** Page of an aligned read of 2^shift bytes; null: the access faults. */
  public int[] read(long address, int shift) {
    int slot = (int) (address >>> 12) & SLOTS - 1;
    long tag = address & ~(Pages.PAGE - (1L << shift));
    return readTags[slot] == tag ? readPages[slot] : readMiss(address, shift);
  }

  /** Page of an aligned write of 2^shift bytes; null: the access faults. */
  public int[] write(long address, int shift) {
    int slot = (int) (address >>> 12) & SLOTS - 1;
    long tag = address & ~(Pages.PAGE - (1L << shift));
    return writeTags[slot] == tag ? writePages[slot] : writeMiss(address, shift);
  }

  /** Whether the next write to this page would find it at once: then a host may write by itself. */
  public boolean kept(long address) {
    return writeTags[(int) (address >>> 12) & SLOTS - 1] == (address & ~4095L);
  }

  /** Whether the page of an address has full length. */
  public boolean whole(long address) {
    return regions[(int) (address >>> Regions.SHIFT)].paged();
  }

  static long offset(long address) {
    return address & (1L << Regions.SHIFT) - 1;
  }

  /** Page of a read that missed; null: the access faults. */
  int[] readMiss(long address, int shift) {
    if (!inside(address, shift)) {
      return null;
    }
    PagedRegion r = regions[(int) (address >>> Regions.SHIFT)];
    int[] page = r.read(offset(address) >>> 12);
    if (r.paged()) {
      int slot = (int) (address >>> 12) & SLOTS - 1;
      readTags[slot] = address & ~4095L;
      readPages[slot] = page;
    }
    return page;
  }

  /** Page of a write that missed; null: the access faults. */
  int[] writeMiss(long address, int shift) {
    int number = (int) (address >>> Regions.SHIFT);
    if (!inside(address, shift) || !Regions.writable(number)) {
      return null;
    }
    PagedRegion r = regions[number];
    int[] page = r.write(offset(address) >>> 12);
    int slot = (int) (address >>> 12) & SLOTS - 1;
    if (readTags[slot] == (address & ~4095L)) {
      readPages[slot] = page; // the region may have dropped the array that reads saw
    }
    long[] code = decoded.get(address >>> 12);
    if (code != null) {
      int word = (int) (address >>> 2) & 1023;
      code[word] = Op.DECODE;
      if (shift == 3) {
        code[word + 1] = Op.DECODE;
      }
    } else if (r.paged()) {
      writeTags[slot] = address & ~4095L;
      writePages[slot] = page;
    }
    return page;
  }

  /**
   * Decoded words of the page of a pc, op DECODE where that is still to do; null: the fetch faults.
   */
  long[] code(long pc) {
    int slot = (int) (pc >>> 12) & SLOTS - 1;
    if (codeTags[slot] == (pc & ~0xffcL)) {
      return codePages[slot];
    }
    if (!inside(pc, 2)) {
      return null;
    }
    PagedRegion r = regions[(int) (pc >>> Regions.SHIFT)];
    long[] code = decoded.get(pc >>> 12);
    if (code == null) {
      code = new long[Pages.WORDS];
      decoded.put(pc >>> 12, code);
      if (writeTags[slot] == (pc & ~4095L)) {
        writeTags[slot] = -1; // stores to this page must drop decoded words from now on
      }
    }
    if (r.paged()) {
      codeTags[slot] = pc & ~4095L;
      codePages[slot] = code;
    }
    return code;
  }

  /** The instruction word at an address that is inside. */
  int word(long address) {
    PagedRegion r = regions[(int) (address >>> Regions.SHIFT)];
    return r.read(offset(address) >>> 12)[(int) (address >>> 2) & 1023];
  }
}
