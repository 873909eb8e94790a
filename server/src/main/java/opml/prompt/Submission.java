package opml.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import opml.http.Json;
import opml.http.Problem;
import opml.model.Model;
import opml.request.Request;

/**
 * What a client asks: a model, a chat or a raw prompt, and how to sample.
 *
 * @param model name of a model, as in GET /api/models
 * @param messages a chat; special tokens in contents are plain text
 * @param prompt raw text instead of a chat; special tokens in it are parsed
 * @param maxTokens 1 to the model's context; 256 when left out, less in a smaller context
 * @param temperature 0 (greedy, the default) to 2
 * @param topK 1 to 64; 40 when left out
 * @param topP above 0, up to 1; 1 when left out
 * @param seed unsigned 64-bit integer, a number or a decimal string; 0 when left out
 */
public record Submission(
    String model,
    List<Message> messages,
    String prompt,
    Integer maxTokens,
    Double temperature,
    Integer topK,
    Double topP,
    JsonNode seed) {
  /** Bytes that fit the INPUT region behind its header. */
  public static final int BODY_MAX = 32 * 1024 - 32;

  private static final int DEFAULT_TOKENS = 256;
  private static final Map<String, Request.Role> ROLES =
      Map.of(
          "system", Request.Role.SYSTEM,
          "developer", Request.Role.SYSTEM,
          "user", Request.Role.USER,
          "assistant", Request.Role.ASSISTANT);

  /** One turn of a chat. */
  public record Message(String role, String content) {}

  /** Checks every field against {@code target} and returns the request the guest will read. */
  byte[] encode(Model target) {
    int tokens = maxTokens == null ? Math.min(DEFAULT_TOKENS, target.context()) : maxTokens;
    if (tokens < 1 || tokens > target.context()) {
      throw Problem.invalid("maxTokens", "maxTokens must be 1 to " + target.context() + ".");
    }
    float heat = (float) inRange("temperature", temperature, 0, 0, 2);
    int k = topK == null ? 0 : (int) inRange("topK", (double) topK, 0, 1, 64);
    float p = (float) inRange("topP", topP, 1, Float.MIN_VALUE, 1);
    if ((messages == null) == (prompt == null)) {
      throw Problem.invalid("messages", "Send either messages or prompt.");
    }
    List<Request.Message> turns =
        prompt == null ? turns() : List.of(new Request.Message(null, text()));
    fit(turns);
    return new Request(turns, tokens, heat, k, p, seedBits()).encode();
  }

  private void fit(List<Request.Message> turns) {
    long bytes = 0;
    for (Request.Message turn : turns) {
      int text = turn.text().getBytes(StandardCharsets.UTF_8).length;
      bytes += text + (turn.role() == null ? 0 : 5);
    }
    if (bytes > BODY_MAX) {
      String detail = "The prompt takes " + bytes + " bytes, the limit is " + BODY_MAX + ".";
      throw new Problem(413, "oversized-prompt", "Prompt too large", detail, source());
    }
  }

  private String text() {
    if (prompt.isEmpty()) {
      throw empty();
    }
    return Json.wellFormed(prompt, "prompt");
  }

  private List<Request.Message> turns() {
    boolean said = false;
    for (Message message : messages) {
      said |= message != null && message.content() != null && !message.content().isEmpty();
    }
    if (!said) {
      throw empty();
    }
    return messages.stream().map(Submission::turn).toList();
  }

  private static Request.Message turn(Message message) {
    if (message == null || message.content() == null) {
      throw Problem.invalid("messages", "Each message needs role and content, both text.");
    }
    Request.Role role = message.role() == null ? null : ROLES.get(message.role());
    if (role == null) {
      throw Problem.invalid(
          "messages", "role '" + message.role() + "' is none of system, user, assistant.");
    }
    return new Request.Message(role, Json.wellFormed(message.content(), "messages"));
  }

  private Problem empty() {
    String detail = "The prompt is empty: send at least one character.";
    return new Problem(400, "empty-prompt", "Empty prompt", detail, source());
  }

  private String source() {
    return prompt == null ? "messages" : "prompt";
  }

  private long seedBits() {
    if (seed == null || seed.isNull()) {
      return 0;
    }
    try {
      BigInteger value =
          seed.isTextual()
              ? new BigDecimal(seed.textValue()).toBigIntegerExact()
              : seed.decimalValue().toBigIntegerExact();
      boolean numeric = seed.isTextual() || seed.isNumber();
      if (numeric && value.signum() >= 0 && value.bitLength() <= 64) {
        return value.longValue();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // told below, as any other wrong seed
    }
    throw Problem.invalid("seed", "seed must be an integer from 0 to 18446744073709551615.");
  }

  private static double inRange(String name, Double given, double absent, double lo, double hi) {
    if (given == null) {
      return absent;
    }
    // Written so that NaN is refused too.
    if (!(given >= lo && given <= hi && (float) (double) given >= lo)) {
      String low = lo == Float.MIN_VALUE ? "above 0" : "at least " + (int) lo;
      throw Problem.invalid(name, name + " must be " + low + " and at most " + (int) hi + ".");
    }
    return given;
  }

  /** Identifies the body for Idempotency-Key. */
  byte[] canonical() {
    return Json.write(this).getBytes(StandardCharsets.UTF_8);
  }
}
