package opml.machine;

import java.util.Arrays;
import opml.commitment.Merkle;

/** Builds the witness of one step: prestate, fetch part, data part. */
final class Witness {
  private Witness() {}

  static byte[] of(byte[] pre, AddressSpace space, long pc, long[] x) {
    if (!space.inside(pc, 2)) {
      return pre;
    }
    byte[] out = part(pre, space, pc);
    int word = space.word(pc);
    int shift = shift(word);
    if (shift < 0) {
      return out;
    }
    boolean store = (word & 127) == 0x23;
    int offset = store ? word >> 25 << 5 | word >>> 7 & 31 : word >> 20;
    int rs1 = word >>> 15 & 31;
    long address = (rs1 == 0 ? 0 : x[rs1]) + offset;
    boolean allowed =
        space.inside(address, shift)
            && (!store || Regions.writable((int) (address >>> Regions.SHIFT)));
    return allowed ? part(out, space, address) : out;
  }

  /** log2 of the bytes a legal memory instruction touches; -1 for every other word. */
  private static int shift(int word) {
    int op = (int) Decoder.decode(word) & 255;
    if (op >= Op.LB && op <= Op.SD) {
      return word >>> 12 & 3;
    }
    if (op == Op.VLOAD4) {
      return 4;
    }
    return op >= Op.VLOAD && op <= Op.DOTH ? 5 : -1;
  }

  private static byte[] part(byte[] before, AddressSpace space, long address) {
    PagedRegion r = space.region((int) (address >>> Regions.SHIFT));
    long index = AddressSpace.offset(address) >>> 5;
    byte[] branch = Merkle.branch(r, index, r.size());
    byte[] out = Arrays.copyOf(before, before.length + Merkle.LEAF + branch.length);
    r.node(0, index, out, before.length);
    System.arraycopy(branch, 0, out, before.length + Merkle.LEAF, branch.length);
    return out;
  }
}
