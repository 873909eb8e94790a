package opml.jit;

import opml.machine.AddressSpace;
import opml.machine.Operations;

/**
 * Memory accesses of generated code: each finds the page and throws {@link Fault#HERE} when that is
 * one for the interpreter. Small, since HotSpot inlines at most 8000 bytes into a method.
 */
final class Access {
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

  private static int[] readable(int[] page) {
    if (page == null) {
      throw Fault.HERE;
    }
    return page;
  }

  static long lb(long address, AddressSpace space) {
    return Operations.lb(readable(space.read(address, 0)), address);
  }

  static long lbu(long address, AddressSpace space) {
    return Operations.lbu(readable(space.read(address, 0)), address);
  }

  static long lh(long address, AddressSpace space) {
    return Operations.lh(readable(space.read(address, 1)), address);
  }

  static long lhu(long address, AddressSpace space) {
    return Operations.lhu(readable(space.read(address, 1)), address);
  }

  static long lw(long address, AddressSpace space) {
    return Operations.lw(readable(space.read(address, 2)), address);
  }

  static long lwu(long address, AddressSpace space) {
    return Operations.lwu(readable(space.read(address, 2)), address);
  }

  static long ld(long address, AddressSpace space) {
    return Operations.ld(readable(space.read(address, 3)), address);
  }

  static void sb(long address, long value, AddressSpace space) {
    Operations.sb(readable(space.write(address, 0)), address, value);
  }

  static void sh(long address, long value, AddressSpace space) {
    Operations.sh(readable(space.write(address, 1)), address, value);
  }

  static void sw(long address, long value, AddressSpace space) {
    Operations.sw(readable(space.write(address, 2)), address, value);
  }

  static void sd(long address, long value, AddressSpace space) {
    Operations.sd(readable(space.write(address, 3)), address, value);
  }

  static void vload(long address, AddressSpace space, int[] v) {
    Operations.vload(v, readable(space.read(address, 5)), address);
  }

  static void vload4(long address, AddressSpace space, int[] v) {
    Operations.vload4(v, readable(space.read(address, 4)), address);
  }

  static long dotl(long address, AddressSpace space, int[] v) {
    return Operations.dotl(v, readable(space.read(address, 5)), address);
  }

  static long doth(long address, AddressSpace space, int[] v) {
    return Operations.doth(v, readable(space.read(address, 5)), address);
  }
}
