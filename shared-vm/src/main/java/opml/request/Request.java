package opml.request;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request (docs/protocol.md section 6).
 *
 * @param messages one message of role {@code null} for raw text, else the chat
 * @param maxTokens 1..context
 * @param temperature 0 = greedy
 * @param topK 1..64, 0 means 40
 * @param topP in (0, 1]
 * @param seed of the sampler
 */
public record Request(
    List<Message> messages, int maxTokens, float temperature, int topK, float topP, long seed) {
  /** Bytes of the header. */
  public static final int HEADER = 32;

  /** log2 of the leaves of the INPUT region. */
  public static final int REGION = 10;

  /** Copies the list. */
  public Request {
    messages = List.copyOf(messages);
    if (messages.size() != 1 && messages.stream().anyMatch(m -> m.role() == null)) {
      throw new IllegalArgumentException("raw text must be the only message");
    }
  }

  /** Greedy raw text. */
  public static Request raw(String text, int maxTokens) {
    return new Request(List.of(new Message(null, text)), maxTokens, 0f, 0, 1f, 0);
  }

  /** Greedy chat of one user message. */
  public static Request ask(String text, int maxTokens) {
    return new Request(List.of(new Message(Role.USER, text)), maxTokens, 0f, 0, 1f, 0);
  }

  /**
   * The input bytes that ask for an image's class (kind 2).
   *
   * @param pixels what the model takes, a byte a pixel; at most 32 KiB less the header
   */
  public static byte[] image(byte[] pixels) {
    byte[] out = new byte[HEADER + pixels.length];
    LittleEndian.put(out, 0, 2);
    LittleEndian.put(out, 20, pixels.length);
    System.arraycopy(pixels, 0, out, HEADER, pixels.length);
    return out;
  }

  /** Who speaks; the ordinal is the role's byte. */
  public enum Role {
    /** Instructions. */
    SYSTEM,
    /** The person. */
    USER,
    /** The model. */
    ASSISTANT
  }

  /**
   * One message.
   *
   * @param role null for raw text
   * @param text any Unicode text without unpaired surrogates
   */
  public record Message(Role role, String text) {}

  /**
   * The input bytes: header and body, without the region's trailing zeros.
   *
   * @throws IllegalArgumentException when they do not fit the region
   */
  public byte[] encode() {
    boolean raw = messages.size() == 1 && messages.get(0).role() == null;
    byte[][] texts = new byte[messages.size()][];
    int length = 0;
    for (int i = 0; i < texts.length; i++) {
      texts[i] = messages.get(i).text().getBytes(StandardCharsets.UTF_8);
      length += texts[i].length + (raw ? 0 : 5);
    }
    if (length > (32 << REGION) - HEADER) {
      throw new IllegalArgumentException(
          "messages take " + length + " bytes; a request holds 32736: shorten them");
    }
    byte[] out = new byte[HEADER + length];
    LittleEndian.put(out, 0, raw ? 0 : 1);
    LittleEndian.put(out, 4, maxTokens);
    LittleEndian.put(out, 8, Float.floatToIntBits(temperature));
    LittleEndian.put(out, 12, topK);
    LittleEndian.put(out, 16, Float.floatToIntBits(topP));
    LittleEndian.put(out, 20, length);
    LittleEndian.put(out, 24, (int) seed);
    LittleEndian.put(out, 28, (int) (seed >>> 32));
    int at = HEADER;
    for (int i = 0; i < texts.length; i++) {
      if (!raw) {
        out[at] = (byte) messages.get(i).role().ordinal();
        LittleEndian.put(out, at + 1, texts[i].length);
        at += 5;
      }
      System.arraycopy(texts[i], 0, out, at, texts[i].length);
      at += texts[i].length;
    }
    return out;
  }
}
