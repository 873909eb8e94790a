package opml.guest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** One request read by the tokenizer, operator by operator. */
final class Reading {
  static final long TABLE = 3L << 40;
  static final int TOKENS = TokenizerState.BYTES;

  final CountingMemory memory;
  private final int context;
  int operators;
  int mostAccesses;
  int result = Tokenizer.RUNNING;

  Reading(byte[] section, byte[] input, int context) {
    this.context = context;
    memory = new CountingMemory(new ArrayMemory(input, section, 10, 20, 15, 11));
  }

  /** A request of a kind, with defaults in all other fields. */
  static byte[] request(int kind, byte[] body) {
    return ByteBuffer.allocate(32 + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(kind)
        .putInt(1)
        .putFloat(0)
        .putInt(0)
        .putFloat(1)
        .putInt(body.length)
        .putLong(0)
        .put(body)
        .array();
  }

  static byte[] raw(String text) {
    return request(Wire.RAW, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] message(int role, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) role)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** A conversation of pairs of role and content. */
  static byte[] chat(Object... messages) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < messages.length; i += 2) {
      byte[] content = ((String) messages[i + 1]).getBytes(StandardCharsets.UTF_8);
      body.writeBytes(message((Integer) messages[i], content));
    }
    return request(Wire.CHAT, body.toByteArray());
  }

  Reading run() {
    while (result == Tokenizer.RUNNING) {
      memory.accesses = 0;
      result = Tokenizer.step(memory, TABLE, 0, TOKENS, context);
      mostAccesses = Math.max(mostAccesses, memory.accesses);
      operators++;
    }
    return this;
  }

  int[] tokens() {
    int[] tokens = new int[result];
    for (int i = 0; i < result; i++) {
      tokens[i] = memory.loadI32(TOKENS + 4L * i);
    }
    return tokens;
  }
}
