package opml.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import opml.guest.Wire;
import opml.request.Request;

/**
 * What {@code ask} asks.
 *
 * @param raw no chat template
 * @param maxTokens null: 256, or less where the context is smaller
 * @param temperature 0 is greedy
 * @param topK 0: the default
 */
record Question(
    String text,
    boolean raw,
    Integer maxTokens,
    float temperature,
    int topK,
    float topP,
    long seed) {
  private static final int DEFAULT_TOKENS = 256;
  private static final float HEAT_MIN = 0.01f; // as opml.guest.Sampler has it
  private static final float HEAT_MAX = 100f;
  private static final int TOP_K_MAX = 64;

  /** Bytes that one message may have. */
  static final int TEXT_MAX = Wire.MAX_BODY - 5;

  /** Refuses what the guest would answer with "bad request", by the option's name. */
  Question {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    check(bytes > 0, "the prompt is empty: give some text");
    check(
        bytes <= TEXT_MAX,
        "the prompt has " + bytes + " bytes; a request holds " + TEXT_MAX + ": shorten it");
    check(
        temperature == 0 || temperature >= HEAT_MIN && temperature <= HEAT_MAX,
        "--temperature is " + temperature + ": give 0 (greedy), or 0.01 to 100");
    check(
        topK >= 0 && topK <= TOP_K_MAX,
        "--top-k is " + topK + ": give 1 to " + TOP_K_MAX + ", or 0 for the default");
    check(topP > 0 && topP <= 1, "--top-p is " + topP + ": give more than 0 and at most 1");
  }

  private static void check(boolean right, String remedy) {
    if (!right) {
      throw new IllegalArgumentException(remedy);
    }
  }

  /** The request as the guest reads it. */
  byte[] encode(int context) {
    int tokens = maxTokens == null ? Math.min(DEFAULT_TOKENS, context) : maxTokens;
    if (tokens < 1 || tokens > context) {
      throw new IllegalArgumentException("--max-tokens is " + tokens + ": give 1 to " + context);
    }
    Request.Message message = new Request.Message(raw ? null : Request.Role.USER, text);
    return new Request(List.of(message), tokens, temperature, topK, topP, seed).encode();
  }
}
