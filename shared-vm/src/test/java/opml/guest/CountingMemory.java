package opml.guest;

/** Counts loads and stores: the measure of an operator's work that needs no VM. */
final class CountingMemory extends Memory {
  private final ArrayMemory memory;
  int accesses;

  CountingMemory(ArrayMemory memory) {
    this.memory = memory;
  }

  /** Words of a region that were written. */
  int[] words(int region) {
    return memory.words(region);
  }

  @Override
  public int loadI8(long address) {
    accesses++;
    return memory.loadI8(address);
  }

  @Override
  public int loadU8(long address) {
    accesses++;
    return memory.loadU8(address);
  }

  @Override
  public int loadI16(long address) {
    accesses++;
    return memory.loadI16(address);
  }

  @Override
  public int loadU16(long address) {
    accesses++;
    return memory.loadU16(address);
  }

  @Override
  public int loadI32(long address) {
    accesses++;
    return memory.loadI32(address);
  }

  @Override
  public long loadI64(long address) {
    accesses++;
    return memory.loadI64(address);
  }

  @Override
  public void storeI8(long address, int value) {
    accesses++;
    memory.storeI8(address, value);
  }

  @Override
  public void storeI16(long address, int value) {
    accesses++;
    memory.storeI16(address, value);
  }

  @Override
  public void storeI32(long address, int value) {
    accesses++;
    memory.storeI32(address, value);
  }

  @Override
  public void storeI64(long address, long value) {
    accesses++;
    memory.storeI64(address, value);
  }
}
