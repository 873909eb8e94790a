package opml.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An answer (docs/protocol.md section 6).
 *
 * @param status how it ended
 * @param promptTokens tokens of the prompt
 * @param completionTokens generated tokens without the stop token
 * @param bytes UTF-8 text, possibly ending inside a character
 */
public record Answer(Status status, int promptTokens, int completionTokens, byte[] bytes) {
  /** Bytes of the header. */
  public static final int HEADER = 16;

  /** log2 of the leaves of the OUTPUT region. */
  public static final int REGION = 11;

  /** How an answer ended; the ordinal is the status word. */
  public enum Status {
    /** A stop token was chosen. */
    STOP,
    /** maxTokens, the context or the output region is used up. */
    LENGTH,
    /** The prompt leaves no room for a token: shorten it. */
    PROMPT_TOO_LONG,
    /** The request breaks the protocol. */
    BAD_REQUEST,
    /** NaN or infinity was met: the model is unfit for this prompt. */
    NUMERIC,
    /** The model's header is outside the guest's caps. */
    BAD_MODEL
  }

  /**
   * Reads the OUTPUT region or just its named bytes.
   *
   * @throws IllegalArgumentException when status or length are impossible
   */
  public static Answer decode(byte[] output) {
    if (output.length < HEADER) {
      throw new IllegalArgumentException(
          "output has " + output.length + " bytes; its header has 16");
    }
    int status = LittleEndian.get(output, 0);
    int length = LittleEndian.get(output, 12);
    if (status < 0 || status >= Status.values().length) {
      throw new IllegalArgumentException("output status is " + status + "; 0 to 5 are defined");
    }
    if (length < 0 || length > output.length - HEADER) {
      throw new IllegalArgumentException(
          "output length is " + length + " but " + (output.length - HEADER) + " bytes follow");
    }
    return new Answer(
        Status.values()[status],
        LittleEndian.get(output, 4),
        LittleEndian.get(output, 8),
        Arrays.copyOfRange(output, HEADER, HEADER + length));
  }

  /** The text, with replacement characters for broken UTF-8. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
