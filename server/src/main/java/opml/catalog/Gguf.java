package opml.catalog;

import static java.util.Comparator.comparingLong;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A GGUF file (version 2 or 3), memory-mapped: metadata and where its tensors lie. */
final class Gguf implements AutoCloseable {
  private static final int MAGIC = 0x46554747;
  private static final int MAX_ENTRIES = 1 << 16; // a model of 256 layers has some thousands

  /**
   * A tensor.
   *
   * @param columns length of a row, the file's first dimension
   * @param rows product of the other dimensions
   * @param offset of its bytes in the file
   * @param data its bytes
   */
  record Entry(
      String name, TensorType type, long columns, long rows, long offset, MemorySegment data) {
    /** For messages. */
    String where() {
      return "tensor " + name + " (" + type + ", at byte " + offset + ")";
    }
  }

  private final Arena arena;
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  private Gguf(Arena arena) {
    this.arena = arena;
  }

  static Gguf open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Gguf gguf = new Gguf(arena);
      gguf.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      return gguf;
    } catch (GgufException e) {
      arena.close();
      throw new GgufException(path + ": " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private void read(MemorySegment file) {
    GgufReader r = new GgufReader(file);
    if (r.u32() != MAGIC) {
      throw GgufException.at(0, "this is no GGUF file (it should begin with \"GGUF\")");
    }
    int version = r.u32();
    if (version != 2 && version != 3) {
      throw GgufException.at(4, "GGUF version " + version + "; versions 2 and 3 are supported");
    }
    r.field("tensor count");
    long tensorCount = count(r);
    r.field("metadata count");
    long metadataCount = count(r);
    for (long i = 0; i < metadataCount; i++) {
      r.field("name of metadata entry " + i);
      String name = r.string();
      r.field("metadata " + name);
      if (metadata.put(name, r.value(r.u32())) != null) {
        throw GgufException.at(r.position(), "metadata " + name + " occurs twice");
      }
    }
    Map<String, long[]> found = new LinkedHashMap<>();
    for (long i = 0; i < tensorCount; i++) {
      r.field("name of tensor " + i);
      String name = r.string();
      r.field("tensor " + name);
      if (found.put(name, entry(r)) != null) {
        throw GgufException.at(r.position(), "tensor " + name + " occurs twice");
      }
    }
    long alignment = number("general.alignment", 32);
    if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
      throw new GgufException(
          "metadata general.alignment is "
              + alignment
              + "; a power of two from 1 to 1048576 is allowed");
    }
    long base = (r.position() + alignment - 1) / alignment * alignment;
    found.forEach(
        (name, e) -> {
          if (e[3] % alignment != 0) { // other readers refuse it
            throw GgufException.at(
                e[4], "tensor " + name + " begins at " + e[3] + ", no multiple of " + alignment);
          }
          tensors.put(name, locate(file, name, e, base));
        });
    refuseShared();
  }

  /** Other readers refuse tensors that share bytes, and a small file could become a huge image. */
  private void refuseShared() {
    long end = 0;
    for (Entry e : tensors.values().stream().sorted(comparingLong(Entry::offset)).toList()) {
      if (e.offset() < end) {
        throw new GgufException(e.where() + " begins inside another one");
      }
      end = e.offset() + e.data().byteSize();
    }
  }

  private static long count(GgufReader r) {
    long n = r.u64();
    if (n > MAX_ENTRIES) {
      throw GgufException.at(r.position() - 8, n + " entries; at most " + MAX_ENTRIES);
    }
    return n;
  }

  /** columns, rows, type, offset, place of the entry. */
  private static long[] entry(GgufReader r) {
    final long place = r.position();
    int dimensions = r.u32();
    if (dimensions < 1 || dimensions > 4) {
      throw GgufException.at(place, dimensions + " dimensions; 1 to 4 are allowed");
    }
    long columns = r.u64();
    long rows = 1;
    for (int d = 1; d < dimensions; d++) {
      try {
        rows = Math.multiplyExact(rows, r.u64());
      } catch (ArithmeticException e) {
        throw GgufException.at(place, "dimensions beyond 2^63");
      }
    }
    return new long[] {columns, rows, r.u32(), r.u64(), place};
  }

  private static Entry locate(MemorySegment file, String name, long[] e, long base) {
    TensorType type = TensorType.of((int) e[2], e[4], name);
    if (e[0] <= 0 || e[1] <= 0 || e[0] > Integer.MAX_VALUE || e[1] > Integer.MAX_VALUE) {
      throw GgufException.at(
          e[4], "tensor " + name + " is " + e[1] + " x " + e[0] + "; 1 to 2147483647 is allowed");
    }
    if (e[0] % type.values != 0) {
      throw GgufException.at(
          e[4],
          "tensor "
              + name
              + " has rows of "
              + e[0]
              + " values; "
              + type
              + " needs multiples of "
              + type.values);
    }
    long row = type.size(e[0]);
    if (e[3] > file.byteSize() - base || e[1] > (file.byteSize() - base - e[3]) / row) {
      throw GgufException.at(
          e[4],
          "tensor "
              + name
              + " lies beyond the end of the file: it is cut off or damaged, fetch it again");
    }
    return new Entry(name, type, e[0], e[1], base + e[3], file.asSlice(base + e[3], e[1] * row));
  }

  Map<String, Entry> tensors() {
    return tensors;
  }

  /** A tensor that must be there. */
  Entry tensor(String name) {
    Entry e = tensors.get(name);
    if (e == null) {
      throw new GgufException("tensor " + name + " is missing");
    }
    return e;
  }

  boolean has(String key) {
    return metadata.containsKey(key);
  }

  String text(String key, String otherwise) {
    return get(key, String.class, otherwise);
  }

  long number(String key, long otherwise) {
    return get(key, Long.class, otherwise);
  }

  double real(String key, double otherwise) {
    return get(key, Double.class, otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return get(key, Boolean.class, otherwise);
  }

  /** A whole number that must be there. */
  int required(String key) {
    long value = number(key, -1);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new GgufException(
          "metadata "
              + key
              + (has(key) ? " is " + value + "; 0 to 2147483647 is allowed" : " is missing"));
    }
    return (int) value;
  }

  /** A whole number that may be left out. */
  int whole(String key, int otherwise) {
    return has(key) ? required(key) : otherwise;
  }

  /** An array, null when absent. */
  <T> List<T> list(String key, Class<T> element) {
    List<?> list = get(key, List.class, null);
    if (list == null) {
      return null;
    }
    for (Object o : list) {
      if (!element.isInstance(o)) {
        throw new GgufException(
            "metadata " + key + " holds another type than " + element.getSimpleName());
      }
    }
    @SuppressWarnings("unchecked") // every element was checked above
    List<T> checked = (List<T>) list;
    return checked;
  }

  private <T> T get(String key, Class<T> type, T otherwise) {
    Object value = metadata.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!type.isInstance(value)) {
      throw new GgufException(
          "metadata "
              + key
              + " is a "
              + value.getClass().getSimpleName()
              + ", expected "
              + type.getSimpleName());
    }
    return type.cast(value);
  }

  @Override
  public void close() {
    arena.close();
  }
}
