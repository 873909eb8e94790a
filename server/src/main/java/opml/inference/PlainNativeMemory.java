package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import opml.guest.GuestFault;
import opml.guest.Memory;
import opml.guest.Tensor;
import opml.machine.RegionSizes;
import opml.machine.Regions;

/**
 * The guest's memory outside the heap, with the plain kernels: loads and stores behave as the VM's,
 * faults included (D6).
 */
class PlainNativeMemory extends Memory {
  private static final long OFFSET = (1L << Regions.SHIFT) - 1;

  final MemorySegment state;
  final MemorySegment output;
  final NativeRegion statePages;
  final NativeRegion outputPages;
  private final MemorySegment[] segments = new MemorySegment[Regions.COUNT];
  private final long[] held = new long[Regions.COUNT];
  private final long[] span = new long[Regions.COUNT];

  /**
   * Makes empty STATE and OUTPUT beside the given contents.
   *
   * @param weights content of WEIGHTS, a multiple of 8 bytes
   * @param arena owner of STATE, OUTPUT and INPUT
   * @param team threads that hash
   */
  PlainNativeMemory(
      RegionSizes sizes, MemorySegment weights, byte[] input, Arena arena, Team team) {
    state = ZeroMemory.allocate(sizes.length(Regions.STATE), arena);
    output = ZeroMemory.allocate(sizes.length(Regions.OUTPUT), arena);
    statePages = new NativeRegion(state, sizes.state(), team);
    outputPages = new NativeRegion(output, sizes.output(), team);
    MemorySegment in = arena.allocate(input.length + 8L & -8L, 64);
    MemorySegment.copy(input, 0, in, JAVA_BYTE, 0, input.length);
    put(Regions.STATE, state, sizes, state.byteSize());
    put(Regions.OUTPUT, output, sizes, output.byteSize());
    put(Regions.INPUT, in, sizes, in.byteSize());
    put(Regions.WEIGHTS, weights, sizes, weights.byteSize() & -8L);
  }

  private void put(int region, MemorySegment segment, RegionSizes sizes, long bytes) {
    segments[region] = segment;
    span[region] = sizes.length(region);
    held[region] = Math.min(bytes, span[region]);
  }

  /** The content of WEIGHTS. */
  final MemorySegment weights() {
    return segments[Regions.WEIGHTS];
  }

  /** Offset of {@code bytes} bytes that lie in a region's content, or -1. */
  final long offset(int region, long address, long bytes) {
    long at = address & OFFSET;
    return address >>> Regions.SHIFT == region && bytes >= 0 && at + bytes <= held[region]
        ? at
        : -1;
  }

  /** Offset of part of a tensor's plane in WEIGHTS, or -1 where it is not aligned or not there. */
  final long plane(long tensor, int index, long skip, long bytes, int align) {
    long address = loadI64(tensor + Tensor.PLANES + 8L * index) + skip;
    return (address & align - 1) == 0 ? offset(Regions.WEIGHTS, address, bytes) : -1;
  }

  /** The segment, or null where the region spans but holds nothing: zero. */
  private MemorySegment readable(long address, int bytes) {
    if ((address & bytes - 1) != 0) {
      throw new GuestFault("misaligned load at " + Long.toHexString(address));
    }
    int region = address >>> Regions.SHIFT < Regions.COUNT ? (int) (address >>> Regions.SHIFT) : 1;
    long at = address & OFFSET;
    if (at + bytes <= held[region]) {
      return segments[region];
    }
    if (at + bytes <= span[region]) {
      return null;
    }
    throw new GuestFault("no memory at " + Long.toHexString(address));
  }

  private MemorySegment writable(long address, int bytes) {
    if ((address & bytes - 1) != 0) {
      throw new GuestFault("misaligned store at " + Long.toHexString(address));
    }
    long at = address & OFFSET;
    long region = address >>> Regions.SHIFT;
    if (region == Regions.STATE && at + bytes <= held[Regions.STATE]) {
      statePages.mark(at);
      return state;
    }
    if (region == Regions.OUTPUT && at + bytes <= held[Regions.OUTPUT]) {
      outputPages.mark(at);
      return output;
    }
    throw new GuestFault("no writable memory at " + Long.toHexString(address));
  }

  @Override
  public final int loadI8(long address) {
    MemorySegment s = readable(address, 1);
    return s == null ? 0 : s.get(JAVA_BYTE, address & OFFSET);
  }

  @Override
  public final int loadU8(long address) {
    return loadI8(address) & 255;
  }

  @Override
  public final int loadI16(long address) {
    MemorySegment s = readable(address, 2);
    return s == null ? 0 : s.get(JAVA_SHORT, address & OFFSET);
  }

  @Override
  public final int loadU16(long address) {
    return loadI16(address) & 0xffff;
  }

  @Override
  public final int loadI32(long address) {
    MemorySegment s = readable(address, 4);
    return s == null ? 0 : s.get(JAVA_INT, address & OFFSET);
  }

  @Override
  public final long loadI64(long address) {
    MemorySegment s = readable(address, 8);
    return s == null ? 0 : s.get(JAVA_LONG, address & OFFSET);
  }

  @Override
  public final void storeI8(long address, int value) {
    writable(address, 1).set(JAVA_BYTE, address & OFFSET, (byte) value);
  }

  @Override
  public final void storeI16(long address, int value) {
    writable(address, 2).set(JAVA_SHORT, address & OFFSET, (short) value);
  }

  @Override
  public final void storeI32(long address, int value) {
    writable(address, 4).set(JAVA_INT, address & OFFSET, value);
  }

  @Override
  public final void storeI64(long address, long value) {
    writable(address, 8).set(JAVA_LONG, address & OFFSET, value);
  }
}
