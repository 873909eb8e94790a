package opml.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import opml.guest.Header;

/** One position of the key/value cache, over all layers: what a token leaves behind it. */
final class CacheRow {
  private final PlainNativeMemory memory;
  private final int kvHeads;
  private final int cells;
  private final int context;
  private final int cellBytes;
  private final long[] areas;

  CacheRow(PlainNativeMemory m) {
    memory = m;
    kvHeads = m.loadI32(Header.KV_HEADS);
    cells = m.loadI32(Header.LAYERS) * kvHeads;
    context = m.loadI32(Header.CONTEXT);
    cellBytes = 2 * m.loadI32(Header.HEAD_DIM);
    areas =
        new long[] {
          m.loadI64(Header.KEYS),
          m.loadI64(Header.VALUES),
          m.loadI64(Header.KEY_SCALES),
          m.loadI64(Header.VALUE_SCALES)
        };
  }

  /** Bytes of a position. */
  int bytes() {
    return 2 * cells * (cellBytes + 4);
  }

  byte[] read(int position) {
    byte[] row = new byte[bytes()];
    parts(position, (at, n, off) -> MemorySegment.copy(memory.state, JAVA_BYTE, at, row, off, n));
    return row;
  }

  /** Layers [from, to) of a row, zero elsewhere. */
  byte[] layers(byte[] row, int from, int to) {
    byte[] some = new byte[row.length];
    int area = 0;
    for (int i = 0; i < areas.length; i++) {
      int n = cellBytes(i);
      int start = area + from * kvHeads * n;
      System.arraycopy(row, start, some, start, (to - from) * kvHeads * n);
      area += cells * n;
    }
    return some;
  }

  private int cellBytes(int area) {
    return area < 2 ? cellBytes : 4;
  }

  void write(int position, byte[] row) {
    write(position, row, cells / kvHeads);
  }

  /** The first layers of a row. */
  void write(int position, byte[] row, int layers) {
    parts(
        position,
        layers * kvHeads,
        (at, n, off) -> {
          memory.statePages.mark(at, n);
          MemorySegment.copy(row, off, memory.state, JAVA_BYTE, at, n);
        });
  }

  void clear(int position) {
    parts(
        position,
        (at, n, off) -> {
          memory.statePages.mark(at, n);
          memory.state.asSlice(at, n).fill((byte) 0);
        });
  }

  private interface Part {
    void at(long offset, int bytes, int from);
  }

  private void parts(int position, Part part) {
    parts(position, cells, part);
  }

  private void parts(int position, int count, Part part) {
    int area = 0;
    for (int i = 0; i < areas.length; i++) {
      int n = cellBytes(i);
      for (int cell = 0; cell < count; cell++) {
        part.at(areas[i] + ((long) cell * context + position) * n, n, area + cell * n);
      }
      area += cells * n;
    }
  }
}
