package opml.catalog;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cursor over a mapped GGUF file (little-endian); every read is checked against the file's end. */
final class GgufReader {
  private static final int MAX_STRING = 1 << 24;
  private static final int MAX_ELEMENTS = 1 << 22; // of all arrays; large vocabularies have 2^21
  private static final int MAX_HEAD = 1 << 28;

  private final MemorySegment file;
  private long at;
  private String field = "header";
  private long elements;

  GgufReader(MemorySegment file) {
    this.file = file;
  }

  long position() {
    return at;
  }

  /** Names what is being read, for messages. */
  void field(String name) {
    field = name;
  }

  private long take(long bytes) {
    if (bytes < 0 || bytes > file.byteSize() - at) {
      throw GgufException.at(
          at, "the file ends inside " + field + " (" + bytes + " more bytes expected)");
    }
    long from = at;
    at += bytes;
    if (at > MAX_HEAD) {
      throw GgufException.at(
          from, field + " lies beyond the first " + MAX_HEAD + " bytes, which is not supported");
    }
    return from;
  }

  int u32() {
    return file.get(JAVA_INT_UNALIGNED, take(4));
  }

  long u64() {
    long value = file.get(JAVA_LONG_UNALIGNED, take(8));
    if (value < 0) {
      throw GgufException.at(at - 8, field + " is beyond 2^63");
    }
    return value;
  }

  String string() {
    long length = u64();
    if (length > MAX_STRING) {
      throw GgufException.at(
          at - 8, field + " is a string of " + length + " bytes; at most " + MAX_STRING);
    }
    ByteBuffer bytes = file.asSlice(take(length), length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw GgufException.at(at - length, field + " is not UTF-8");
    }
  }

  /** A metadata value: Long, Double, Boolean, String or a List of them. */
  Object value(int type) {
    return switch (type) {
      case 0 -> (long) (file.get(JAVA_BYTE, take(1)) & 255);
      case 1 -> (long) file.get(JAVA_BYTE, take(1));
      case 2 -> (long) (file.get(JAVA_SHORT_UNALIGNED, take(2)) & 0xffff);
      case 3 -> (long) file.get(JAVA_SHORT_UNALIGNED, take(2));
      case 4 -> u32() & 0xffffffffL;
      case 5 -> (long) u32();
      case 6 -> (double) file.get(JAVA_FLOAT_UNALIGNED, take(4));
      case 7 -> file.get(JAVA_BYTE, take(1)) != 0;
      case 8 -> string();
      case 9 -> array();
      case 10 -> u64();
      case 11 -> file.get(JAVA_LONG_UNALIGNED, take(8));
      case 12 -> file.get(JAVA_DOUBLE_UNALIGNED, take(8));
      default -> throw GgufException.at(at - 4, field + " has the unknown value type " + type);
    };
  }

  private List<Object> array() {
    int type = u32();
    if (type == 9) {
      throw GgufException.at(at - 4, field + " is an array of arrays");
    }
    long length = u64();
    if (length > MAX_ELEMENTS - elements) {
      throw GgufException.at(
          at - 8,
          field
              + " has "
              + length
              + " elements, the arrays before it "
              + elements
              + "; together at most "
              + MAX_ELEMENTS);
    }
    elements += length;
    List<Object> out = new ArrayList<>((int) Math.min(length, file.byteSize() - at));
    for (long i = 0; i < length; i++) {
      out.add(value(type));
    }
    return out;
  }
}
