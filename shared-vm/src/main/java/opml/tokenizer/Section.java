package opml.tokenizer;

import java.util.Arrays;

/**
 * The bytes of a section while it is written: little-endian, parts aligned to 8 bytes, offsets of
 * parts kept in the header.
 */
final class Section {
  private byte[] content;
  private int length;

  Section(int headerBytes) {
    content = new byte[Math.max(1024, headerBytes)];
    length = headerBytes;
  }

  /** Starts a part here and notes its offset in the header field. */
  void mark(int field) {
    length = (length + 7) & -8;
    grow(0);
    field(field, length);
  }

  int length() {
    return length;
  }

  void field(int at, int value) {
    for (int i = 0; i < 4; i++) {
      content[at + i] = (byte) (value >> 8 * i);
    }
  }

  void bytes(byte[] bytes) {
    grow(bytes.length);
    System.arraycopy(bytes, 0, content, length, bytes.length);
    length += bytes.length;
  }

  void u16(int value) {
    little(value, 2);
  }

  void i32(int value) {
    little(value, 4);
  }

  void i64(long value) {
    little(value, 8);
  }

  private void little(long value, int size) {
    grow(size);
    for (int i = 0; i < size; i++) {
      content[length++] = (byte) (value >> 8 * i);
    }
  }

  private void grow(int bytes) {
    if (length + bytes > content.length) {
      content = Arrays.copyOf(content, Math.max(2 * content.length, length + bytes));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(content, (length + 7) & -8);
  }
}
