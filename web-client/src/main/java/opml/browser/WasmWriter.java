package opml.browser;

import java.util.Arrays;

/** Bytes of a WebAssembly module. */
final class WasmWriter {
  private byte[] bytes = new byte[4096];
  private int size;

  int size() {
    return size;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  void octets(int... values) {
    if (size + values.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    for (int v : values) {
      bytes[size++] = (byte) v;
    }
  }

  /** LEB128 without a sign. */
  void unsigned(int value) {
    int v = value;
    while ((v & ~127) != 0) {
      octets(v & 127 | 128);
      v >>>= 7;
    }
    octets(v);
  }

  /** LEB128 with a sign. */
  void signed(long value) {
    long v = value;
    while (v < -64 || v > 63) {
      octets((int) v & 127 | 128);
      v >>= 7;
    }
    octets((int) v & 127);
  }

  void name(String text) {
    unsigned(text.length());
    for (int i = 0; i < text.length(); i++) {
      octets(text.charAt(i));
    }
  }

  /** Another writer's bytes with their length in front. */
  void part(WasmWriter other) {
    unsigned(other.size);
    append(other);
  }

  void append(WasmWriter other) {
    for (int i = 0; i < other.size; i++) {
      octets(other.bytes[i]);
    }
  }

  /** An instruction with one unsigned operand. */
  void with(int opcode, int operand) {
    octets(opcode);
    unsigned(operand);
  }

  void int32(int value) {
    octets(Wasm.I32_CONST);
    signed(value);
  }

  void int64(long value) {
    octets(Wasm.I64_CONST);
    signed(value);
  }

  /** An access at a constant offset; alignment is a hint that is left out. */
  void access(int opcode, int offset) {
    octets(opcode, 0);
    unsigned(offset);
  }

  /** A vector instruction without operand. */
  void vector(int opcode) {
    octets(Wasm.VECTOR);
    unsigned(opcode);
  }

  /** A vector access at a constant offset. */
  void vectorAccess(int opcode, int offset) {
    vector(opcode);
    octets(0);
    unsigned(offset);
  }
}
