package opml.cli;

import java.util.List;
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
