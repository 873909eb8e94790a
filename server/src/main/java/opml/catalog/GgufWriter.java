package opml.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes a GGUF file of version 3: metadata and the table of tensors first, then their bytes. */
final class GgufWriter {
  private static final int ALIGNMENT = 32;

  /**
   * A tensor to come.
   *
   * @param columns length of a row
   */
  record Planned(String name, TensorType type, long columns, long rows) {
    long bytes() {
      return type.size(columns) * rows;
    }
  }

  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final List<Planned> tensors = new ArrayList<>();
  private int fields;

  void put(String key, String value) {
    field(key, 8);
    text(metadata, value);
  }

  void put(String key, int value) {
    field(key, 4);
    u32(metadata, value);
  }

  void put(String key, float value) {
    field(key, 6);
    u32(metadata, Float.floatToIntBits(value));
  }

  void put(String key, boolean value) {
    field(key, 7);
    metadata.write(value ? 1 : 0);
  }

  void putTexts(String key, List<String> values) {
    field(key, 9);
    u32(metadata, 8);
    u64(metadata, values.size());
    values.forEach(v -> text(metadata, v));
  }

  void putInts(String key, int[] values) {
    field(key, 9);
    u32(metadata, 5);
    u64(metadata, values.length);
    for (int v : values) {
      u32(metadata, v);
    }
  }

  private void field(String key, int type) {
    text(metadata, key);
    u32(metadata, type);
    fields++;
  }

  void add(String name, TensorType type, long columns, long rows) {
    tensors.add(new Planned(name, type, columns, rows));
  }

  /** The tensors in the order of their bytes. */
  List<Planned> tensors() {
    return List.copyOf(tensors);
  }

  /** Writes everything in front of the tensors' bytes. */
  void writeHead(OutputStream out) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    u32(head, 0x46554747);
    u32(head, 3);
    u64(head, tensors.size());
    u64(head, fields);
    metadata.writeTo(head);
    long offset = 0;
    for (Planned t : tensors) {
      text(head, t.name());
      u32(head, t.rows() == 1 ? 1 : 2);
      u64(head, t.columns());
      if (t.rows() != 1) {
        u64(head, t.rows());
      }
      u32(head, t.type().number);
      u64(head, offset);
      offset += t.bytes() + padding(t.bytes());
    }
    head.write(new byte[padding(head.size())]);
    head.writeTo(out);
  }

  /** Zero bytes that follow so many bytes. */
  static int padding(long bytes) {
    return (int) (-bytes & ALIGNMENT - 1);
  }

  private static void text(ByteArrayOutputStream out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    u64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void u32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void u64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
